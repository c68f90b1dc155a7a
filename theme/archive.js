/* Searches the archived versions of the site, from the page `archive/` and only when asked to: reads
   ../versions.json and the search index of every version but the live one. What those hold is shown
   as text. Without this script the page says that it needs one. It also links what was archived after
   the page was published. */
(function () {
  "use strict";

  var LIVE = "latest";
  var MOST = 50;
  var AROUND = 70;
  var IN_REVIEW = /^periods\/[^#]*#goal-([^.]+)/;
  var SIGNS = { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: " ", para: "" };

  function plain(html) {
    return String(html || "").replace(/<[^>]*>/g, " ").replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, function (all, name) {
      if (name[0] !== "#") { return name in SIGNS ? SIGNS[name] : all; }
      var code = name[1].toLowerCase() === "x" ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
    }).replace(/\s+/g, " ").trim();
  }

  /* Letter by letter, so that a place in the folded text is one in the text. */
  function fold(text) {
    return Array.prototype.map.call(text, function (sign) {
      return (sign.normalize("NFD")[0] || sign).toLowerCase()[0] || sign;
    }).join("");
  }

  function read(address) {
    return window.fetch(address).then(function (answer) {
      if (!answer.ok) { throw new Error(address + ": " + answer.status); }
      return answer.json();
    });
  }

  /* What is shown once: a goal in all archives together, as its page or in a review; any other page
     in each of them. */
  function pageOf(version, location) {
    var goal = IN_REVIEW.exec(location);
    var page = goal ? "objectives/" + goal[1] : location.split("#")[0].replace(/(?:\/|\.html)$/, "");
    return page.indexOf("objectives/") === 0 ? page : version.version + "/" + page;
  }

  /* A goal's own page before its place in a review. */
  function byPlace(one, other) {
    return IN_REVIEW.test(one.location) - IN_REVIEW.test(other.location);
  }

  /* Whether a page reviews another quarter, which is found in an archive of its own. */
  function isOfAnother(version, location, names) {
    var place = /^periods\/([^/#]+?)(?:\/|\.html|#|$)/.exec(location);
    return place !== null && place[1] !== version.version && names.indexOf(place[1]) >= 0;
  }

  /* Every entry of an archive's index, once. */
  function entries(top, version, names) {
    var home = new URL(encodeURIComponent(version.version) + "/", top);
    return read(new URL("search/search_index.json", home)).then(function (index) {
      var pages = {};
      index.docs.forEach(function (doc) {
        if (doc.location.indexOf("#") < 0) { pages[doc.location] = plain(doc.title); }
      });
      return index.docs.filter(function (doc) {
        return !isOfAnother(version, doc.location, names);
      }).sort(byPlace).map(function (doc) {
        var title = plain(doc.title);
        var text = plain(doc.text);
        var page = doc.location.indexOf("#") < 0 ? "" : pages[doc.location.split("#")[0]];
        return {
          title: page && page !== title ? page + " › " + title : title,
          text: text, version: plain(version.title), // written as HTML, for the selector
          page: pageOf(version, doc.location),
          titleKey: fold(title), textKey: fold(text),
          href: new URL("./" + doc.location, home).href
        };
      });
    });
  }

  function every(words, key) {
    return words.every(function (word) { return key.indexOf(word) >= 0; });
  }

  /* The best hit of every page; the archives come newest first. */
  function once(hits) {
    var seen = {};
    return hits.filter(function (item) {
      var isNew = !Object.prototype.hasOwnProperty.call(seen, item.page);
      seen[item.page] = true;
      return isNew;
    });
  }

  function found(all, words) {
    var inTitle = all.filter(function (item) { return every(words, item.titleKey); });
    var elsewhere = all.filter(function (item) {
      return !every(words, item.titleKey) && every(words, item.titleKey + " " + item.textKey);
    });
    return once(inTitle.concat(elsewhere));
  }

  function excerpt(item, words) {
    var places = words.map(function (word) { return item.textKey.indexOf(word); });
    var at = Math.min.apply(null, places.filter(function (place) { return place >= 0; }).concat(Infinity));
    var from = at === Infinity ? 0 : Math.max(0, at - AROUND);
    var to = Math.min(item.text.length, from + 2 * AROUND);
    while (from > 0 && item.text[from - 1] !== " ") { from -= 1; }
    while (to < item.text.length && item.text[to] !== " ") { to += 1; }
    return (from ? "… " : "") + item.text.slice(from, to) + (to < item.text.length ? " …" : "");
  }

  function element(tag, text, name) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (name) { made.className = name; }
    return made;
  }

  function shown(item, words) {
    var row = document.createElement("li");
    var link = element("a", item.title);
    link.href = item.href;
    row.appendChild(link);
    row.appendChild(document.createTextNode(" "));
    row.appendChild(element("span", "in the archive of " + item.version, "okr-2"));
    row.appendChild(element("p", excerpt(item, words), "okr-2"));
    return row;
  }

  /* What is archived since the page was published. */
  function mark(list, versions) {
    versions.forEach(function (item) {
      Array.prototype.forEach.call(document.querySelectorAll("[data-okr-version]"), function (cell) {
        if (item.version === LIVE || cell.dataset.okrVersion !== item.version) { return; }
        if (cell.querySelector("a, [data-okr-here]")) { return; }
        var link = element("a", "As it stood");
        link.href = new URL(encodeURIComponent(item.version) + "/", list).href;
        link.target = "_self";
        cell.textContent = "";
        cell.appendChild(link);
      });
    });
  }

  function start(area) {
    var form = area.querySelector("form");
    var without = area.querySelector("[data-okr-archive-without]");
    var says = area.querySelector("[role=status]");
    var hits = area.querySelector(".okr-hits");
    var list = without.querySelector("a").href;
    var reading = null;
    var asked = 0;

    function all() {
      reading = reading || read(list).then(function (versions) {
        var kept = versions.filter(function (item) { return item.version !== LIVE; });
        var names = kept.map(function (item) { return item.version; });
        return Promise.all(kept.map(function (item) { return entries(new URL(".", list), item, names); }));
      }).then(function (parts) {
        return { quarters: parts.length, items: [].concat.apply([], parts) };
      });
      return reading;
    }

    function show(archive, words) {
      var those = found(archive.items, words);
      var places = archive.quarters === 1 ? "1 archive" : archive.quarters + " archives";
      var first = those.length > MOST ? ", the first " + MOST + " shown" : "";
      says.textContent = (those.length || "Nothing") + " found in " + places + first;
      hits.textContent = "";
      those.slice(0, MOST).forEach(function (item) { hits.appendChild(shown(item, words)); });
    }

    function clear() {
      asked += 1;
      says.textContent = "";
      hits.textContent = "";
    }

    form.elements.q.addEventListener("input", function () {
      if (!form.elements.q.value.trim()) { clear(); }
    });
    form.addEventListener("submit", function (event) {
      var words = fold(form.elements.q.value).split(/\s+/).filter(Boolean);
      var turn = asked += 1;
      event.preventDefault();
      if (!words.length) { clear(); return; }
      says.textContent = "Reading the archive…";
      all().then(function (archive) {
        if (turn === asked) { show(archive, words); }
      }).catch(function () {
        reading = null;
        hits.textContent = "";
        says.textContent = "The archive could not be read. Try again later.";
      });
    });
    read(list).then(function (versions) { mark(list, versions); }).catch(function () {
      /* The page stays as it was published. */
    });
    without.hidden = true;
    form.hidden = false;
  }

  function begin() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-okr-archive]"), function (area) {
      if (area.querySelector("form[hidden]")) { start(area); }
    });
  }

  /* Material changes pages without loading them where navigation.instant is on. */
  if (window.document$ && window.document$.subscribe) {
    window.document$.subscribe(begin);
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }
})();
