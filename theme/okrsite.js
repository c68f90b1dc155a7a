/* Filters and sorts the tables that a form[data-okr-for] stands above. What is chosen lives in the
   address, so it can be shared and the back button undoes it. Without this script, or where there
   is no such form, every row is shown. */
(function () {
  "use strict";

  var ALL = "all";

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function list(nodes) {
    return Array.prototype.slice.call(nodes);
  }

  /* A number as the page writes it: 10,000 and a real minus. */
  function number(text) {
    var found = /[-\u2212]?\d[\d,]*(\.\d+)?(e[-\u2212]?\d+)?/.exec(text);
    return found ? parseFloat(found[0].replace(/,/g, "").replace(/\u2212/g, "-")) : NaN;
  }

  function table(form) {
    var area = document.getElementById(form.getAttribute("data-okr-for"));
    var none = document.querySelector('[data-okr-none="' + area.id + '"]');
    var says = form.querySelector("[data-okr-count]");
    var search = form.querySelector("input[type=search]");
    var selects = list(form.querySelectorAll("select[name]"));
    var heads = list(area.querySelectorAll("th[data-sort]"));
    var parts = list(area.querySelectorAll("[data-okr-part]"));
    var groups = list(area.querySelectorAll("tbody"));
    var order = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
    var sorted = null;
    var sort = "";
    var rows = [];

    groups.forEach(function (group) {
      list(group.rows).forEach(function (row) {
        if (!row.classList.contains("okr-group")) {
          rows.push({ row: row, group: group, place: rows.length, text: null, values: {}, keys: {} });
        }
      });
    });

    function text(item) {
      if (item.text === null) {
        var cells = list(item.row.cells).map(function (cell) { return cell.textContent; });
        item.text = fold(cells.join(" ") + " " + valuesOf(item, "tag").join(" "));
      }
      return item.text;
    }

    function valuesOf(item, name) {
      if (!item.values[name]) {
        var own = item.row.getAttribute("data-" + name);
        var value = own === null ? item.group.getAttribute("data-" + name) : own;
        item.values[name] = value ? value.split("|") : [];
      }
      return item.values[name];
    }

    function headOf(name) {
      return heads.filter(function (head) { return head.getAttribute("data-name") === name; })[0];
    }

    function standard(select) {
      var chosen = list(select.options).filter(function (it) { return it.defaultSelected; })[0];
      return (chosen || select.options[0]).value;
    }

    /* A shared address may name what is offered no more, a retired team for one. */
    function offer(select, value) {
      var known = list(select.options).some(function (it) { return it.value === value; });
      if (known) { return true; }
      var found = rows.filter(function (item) {
        return valuesOf(item, select.name).indexOf(value) >= 0;
      })[0];
      if (!found) { return false; }
      var head = headOf(select.name);
      var label = head && found.row.cells[head.cellIndex].textContent;
      select.add(new Option(label || value, value));
      return true;
    }

    function read() {
      var asked = new URLSearchParams(location.search);
      search.value = asked.get("q") || "";
      selects.forEach(function (select) {
        var value = asked.get(select.name);
        select.value = value !== null && offer(select, value) ? value : standard(select);
      });
      sort = asked.get("sort") || "";
      if (!headOf(sort.replace(/^-/, ""))) { sort = ""; }
    }

    function write(replace) {
      var asked = new URLSearchParams(location.search);
      function put(name, value, usual) {
        asked.delete(name);  // so that the same choice always has the same address
        if (value !== usual) { asked.set(name, value); }
      }
      put("q", search.value.trim(), "");
      selects.forEach(function (select) { put(select.name, select.value, standard(select)); });
      put("sort", sort, "");
      var query = asked.toString();
      var url = location.pathname + (query ? "?" + query : "") + location.hash;
      if (url !== location.pathname + location.search + location.hash) {
        history[replace ? "replaceState" : "pushState"](history.state, "", url);
      }
    }

    function filter() {
      var words = fold(search.value).split(/\s+/).filter(Boolean);
      var tests = selects.filter(function (it) { return it.value !== ALL; }).map(function (it) {
        var of = it.selectedOptions[0].getAttribute("data-of") || it.value;
        return { name: it.name, of: of.split("|") };
      });
      var shown = 0;
      var full = new Set();
      rows.forEach(function (item) {
        var fits = tests.every(function (test) {
          return valuesOf(item, test.name).some(function (it) { return test.of.indexOf(it) >= 0; });
        }) && words.every(function (word) { return text(item).indexOf(word) >= 0; });
        if (item.row.hidden === fits) { item.row.hidden = !fits; }
        if (fits) { shown += 1; full.add(item.group); }
      });
      groups.forEach(function (group) { group.hidden = sorted !== null || !full.has(group); });
      parts.forEach(function (part) {
        part.hidden = !groups.some(function (it) { return part.contains(it) && full.has(it); });
      });
      says.textContent = says.getAttribute("data-okr-count")
        .replace("{shown}", shown.toLocaleString("en")).replace("{total}", rows.length.toLocaleString("en"));
      if (none) { none.hidden = shown > 0; }
      list(form.querySelectorAll("[data-okr-set]")).forEach(function (button) {
        var pair = button.getAttribute("data-okr-set").split("=");
        button.hidden = form.elements[pair[0]].value === pair[1];
      });
    }

    function keyOf(item, head) {
      var name = head.getAttribute("data-name");
      if (!(name in item.keys)) { item.keys[name] = freshKey(item, head, name); }
      return item.keys[name];
    }

    function freshKey(item, head, name) {
      var cell = item.row.cells[head.cellIndex];
      switch (head.getAttribute("data-sort")) {
        case "number": return number(cell.getAttribute("data-v") || cell.textContent);
        case "place": return groups.indexOf(item.group);
        case "order":
          var at = list(form.elements[name].options).map(function (it) { return it.value; });
          var found = at.indexOf(valuesOf(item, name)[0]);
          return found < 0 ? NaN : found;
      }
      return fold(cell.textContent.trim()) || NaN;
    }

    function arrange() {
      var name = sort.replace(/^-/, "");
      var sign = sort.charAt(0) === "-" ? -1 : 1;
      var head = sort ? headOf(name) : null;
      heads.forEach(function (it) {
        if (it === head) { it.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending"); }
        else { it.removeAttribute("aria-sort"); }
      });
      if (head) { inOneBody(head, sign); } else if (sorted) { inGroups(); }
    }

    function inOneBody(head, sign) {
      var ordered = rows.slice().sort(function (a, b) {
        var one = keyOf(a, head), two = keyOf(b, head);
        // What has no value stays below, whichever way one looks.
        if (one !== one || two !== two) { return (one !== one) - (two !== two) || a.place - b.place; }
        var way = typeof one === "string" ? order.compare(one, two) : one - two;
        return sign * way || a.place - b.place;
      });
      if (!sorted) {
        sorted = document.createElement("tbody");
        area.appendChild(sorted);
        area.classList.add("okr-sorted");
      }
      ordered.forEach(function (item) { sorted.appendChild(item.row); });
    }

    function inGroups() {
      rows.forEach(function (item) { item.group.appendChild(item.row); });
      sorted.remove();
      sorted = null;
      area.classList.remove("okr-sorted");
    }

    function show() {
      arrange();
      filter();
    }

    function change(replace) {
      write(replace);
      show();
    }

    function toggle(name) {
      sort = sort === name ? "-" + name : name;
      change(false);
    }

    heads.forEach(function (head) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      button.addEventListener("click", function () { toggle(head.getAttribute("data-name")); });
      head.appendChild(button);
    });

    var waiting = 0;
    search.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { change(true); }, 120);
    });
    selects.forEach(function (select) {
      select.addEventListener("change", function () { change(false); });
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) { return; }
      if (button.hasAttribute("data-okr-clear")) {
        search.value = "";
        selects.forEach(function (select) { select.value = standard(select); });
        sort = "";
      } else {
        var pair = button.getAttribute("data-okr-set").split("=");
        form.elements[pair[0]].value = pair[1];
      }
      change(false);
      search.focus();
    });
    window.addEventListener("popstate", function () {
      if (form.isConnected) { read(); show(); }
    });

    area.classList.add("okr-live");
    form.hidden = false;
    read();
    show();
  }

  function two(part) { return String(part).padStart(2, "0"); }

  /* Whoever checks in does so on a day of their own, not on the one the site was built on. The
     second stands in the file's name: two who check in on one key result do not meet, and of the
     two the later one counts. */
  function redate(item) {
    var built = item.getAttribute("data-okr-day");
    var before = item.getAttribute("data-okr-second");
    var now = new Date();
    var today = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
    var second = two(now.getHours()) + two(now.getMinutes()) + two(now.getSeconds());
    if (item.href) {
      var parts = item.getAttribute("href").split("?");
      var name = "name=" + built + "-" + (before ? before + "-" : "");
      var query = parts.slice(1).join("?").replace(name, "name=" + built + "-" + second + "-");
      item.setAttribute("href", parts[0] + "?" + query.split(built).join(today));
      item.setAttribute("data-okr-second", second);
    } else if (built !== today) {
      item.textContent = item.textContent.split(built).join(today);
    }
    item.setAttribute("data-okr-day", today);
  }

  ["pointerdown", "focusin", "click"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var item = event.target.closest && event.target.closest("a[data-okr-day]");
      if (item) { redate(item); }
    });
  });

  function start() {
    list(document.querySelectorAll("form[data-okr-for][hidden]")).forEach(table);
    list(document.querySelectorAll("pre[data-okr-day]")).forEach(redate);
  }

  /* Material changes pages without loading them where navigation.instant is on. */
  if (window.document$ && window.document$.subscribe) {
    window.document$.subscribe(start);
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
