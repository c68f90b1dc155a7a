// The forms of /edit/: what is typed into them becomes what the format asks for.
//
// A form has no group of fields under a free name and no field that is a number or a word, so some
// fields stand in it in another shape. They get the format's shape before a file is written.
(function () {
  "use strict";

  const NUMBER = /^[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?([eE][-+]?[0-9]{1,2})?$/;
  const PREFERENCES = "sveltia-cms.prefs";
  const NUMBERS = ["start", "target", "at_least", "at_most", "weight"];

  const isEmpty = (value) => value === undefined || value === null || value === "";

  const isBare = (value) => Array.isArray(value) && value.length === 0;

  const isGroup = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value);

  /** A number where the text is one: `96`, and not `unknown`. */
  function number(value) {
    const text = typeof value === "string" ? value.trim() : value;
    return typeof text === "string" && NUMBER.test(text) ? Number(text) : text;
  }

  /** A number, yes or no, or the text as it is. */
  function reading(value) {
    return value === "true" || value === "false" ? value === "true" : number(value);
  }

  function eachNumber(group) {
    return Object.fromEntries(Object.entries(group).map(([key, value]) => [key, number(value)]));
  }

  function keyResult(item) {
    const made = { ...item };
    for (const field of ["start", "target"]) {
      if (!isEmpty(made[field])) made[field] = number(made[field]);
    }
    if (isGroup(made.plan)) made.plan = eachNumber(made.plan);
    else delete made.plan; // which the form leaves empty, and the format leaves out
    return made;
  }

  function objective(data) {
    if (!Array.isArray(data.key_results)) return data;
    return { ...data, key_results: data.key_results.map(keyResult) };
  }

  /** Its fields that hold something; the short form where that is `short` alone. */
  function told(item, name, short, value) {
    const kept = Object.entries({ ...item, [short]: value }).filter(
      ([key, entry]) => key !== name && !key.startsWith("__") && !isEmpty(entry) && !isBare(entry),
    );
    return kept.length === 1 && kept[0][0] === short ? value : Object.fromEntries(kept);
  }

  /** The rows of a form as a group under their names; those of the file stay where no row has one. */
  function grouped(data, rows, field, name, short, shape) {
    const items = (data[rows] || []).filter((item) => isGroup(item) && !isEmpty(item[name]));
    delete data[rows];
    const made = items.map((item) => [item[name], told(item, name, short, shape(item[short]))]);
    const all = { ...(isGroup(data[field]) ? data[field] : {}), ...Object.fromEntries(made) };
    if (Object.keys(all).length) data[field] = all;
  }

  function checkIn(data) {
    const made = { ...data };
    grouped(made, "form_key_results", "key_results", "key_result", "value", reading);
    grouped(made, "form_kpis", "kpis", "kpi", "value", reading);
    grouped(made, "form_initiatives", "initiatives", "initiative", "state", (state) => state);
    return made;
  }

  function amendment(data) {
    const made = { ...data };
    for (const side of ["was", "now"]) {
      if (NUMBERS.includes(made.field)) made[side] = number(made[side]);
      if (made.field === "between" && typeof made[side] === "string") {
        made[side] = made[side].replace(/[[\]]/g, "").split(",").map(number);
      }
    }
    return made;
  }

  const SHAPES = { objectives: objective, "check-ins": checkIn, amendments: amendment };

  function shaped({ entry }) {
    const shape = SHAPES[entry.get("collection")];
    return shape ? entry.set("data", shape(entry.get("data").toJS())) : entry;
  }

  /** The words of the editor are here in English; for another language it would ask elsewhere. */
  function inEnglish() {
    try {
      const kept = JSON.parse(localStorage.getItem(PREFERENCES) || "{}") || {};
      localStorage.setItem(PREFERENCES, JSON.stringify({ ...kept, locale: "en-US" }));
    } catch {
      // Without a storage it begins in the language of the browser.
    }
  }

  window.CMS_MANUAL_INIT = true;
  inEnglish();
  document.addEventListener("DOMContentLoaded", () => {
    window.CMS.registerEventListener({ name: "preSave", handler: shaped });
    window.CMS.init();
  });
})();
