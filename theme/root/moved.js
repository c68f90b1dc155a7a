/* Where a page of the time before there were versions is asked for, lead to it in the live portal. */
(function () {
  "use strict";

  var own = document.currentScript;
  var root = own.getAttribute("data-root");
  var to = own.getAttribute("data-to");
  var path = window.location.pathname;
  var rest = path.slice(root.length);
  var first = rest.split("/")[0];

  if (path.slice(0, root.length) !== root || first === to) { return; }
  window.fetch(root + "versions.json").then(function (answer) {
    return answer.ok ? answer.json() : [];
  }).then(function (versions) {
    if (versions.every(function (item) { return item.version !== first; })) {
      window.location.replace(root + to + "/" + rest + window.location.search + window.location.hash);
    }
  }).catch(function () { /* the page says what there is to say */ });
})();
