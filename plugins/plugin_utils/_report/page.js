
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const STEP = 200;
  // The order in which page_values.py writes a finding.
  const [RULE, STATUS, REASON, EXTRA, MISSING, EXPECTED, HOLDERS, ALLOWED, GOVERNED, UNTIL] = [...Array(10).keys()];

  const element = (name, className, ...parts) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...parts.filter((part) => part !== ""));
    return made;
  };
  const later = (work) => {
    let waiting;
    return () => {
      clearTimeout(waiting);
      waiting = setTimeout(work, 120);
    };
  };
  const number = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const words = (form) => form.elements.text.value.toLowerCase().split(" ").filter(Boolean);

  for (const part of document.querySelectorAll(".js")) part.hidden = false;
  for (const part of document.querySelectorAll(".nojs")) part.hidden = true;

  // On a phone a row is a card, and each cell says what it is.
  const label = (table) => {
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, index) => {
        if (index) cell.dataset.head = heads[index];
      });
    }
  };
  for (const table of document.querySelectorAll("table")) label(table);

  // Tables that are in the page: rows that do not match are hidden.
  for (const form of document.querySelectorAll("form[data-table]")) {
    const rows = [...document.getElementById(form.dataset.table).tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const show = () => {
      const sought = words(form);
      const word = form.elements.word ? form.elements.word.value : "";
      let shown = 0;
      rows.forEach((row, index) => {
        const fits = sought.every((one) => texts[index].includes(one)) && (!word || row.querySelector(`.badge.${word}`));
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      form.querySelector(".count").textContent = `${shown} of ${number(rows.length, "row")}`;
    };
    form.addEventListener("input", later(show));
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
  }

  // What is behind a word that opens is printed as well.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });

  const place = document.getElementById("rows");
  if (!place) return;

  // Host by control: found in the values, made row by row.
  const form = document.querySelector("#findings form");
  const count = document.querySelector("#findings .count");
  const more = document.getElementById("more");
  const names = (members) => members.map((one) => data.members[one][0]);
  const spelled = (members) => members.map((one) => data.members[one].filter(Boolean).join(" "));
  // Holders that follow from the others are not told again.
  for (const one of data.findings) {
    if (one[HOLDERS] === 0) {
      one[HOLDERS] = [...new Set([...one[EXPECTED], ...one[EXTRA]])].filter((member) => !one[MISSING].includes(member));
    }
  }
  const haystacks = data.findings.map((one) => {
    const rule = data.rules[one[RULE]];
    return [...rule, data.texts[one[REASON]], ...spelled(one[HOLDERS]), ...spelled(one[MISSING])].join(" ").toLowerCase();
  });
  data.rules.forEach((rule, index) => {
    const option = element("option", "", `${rule[0]} ${rule[3] || rule[1]}`);
    option.value = index;
    form.elements.control.append(option);
  });

  let found = [];
  let shown = 0;
  let body;
  const STATUSES = data.statuses;
  const MARKS = { pass: "\u2713", fail: "\u2717", unknown: "?", not_applicable: "\u2013", waived: "\u2691" };

  const badge = (word) => {
    const mark = element("i", "", MARKS[word]);
    mark.setAttribute("aria-hidden", "true");
    return element("span", `badge ${word}`, mark, word.replace("_", " "));
  };
  const differs = (one) => [
    ...names(one[EXTRA]).map((name) => element("span", "plus", name)),
    ...names(one[MISSING]).map((name) => element("span", "minus", name)),
  ];
  const details = (one) => {
    const list = element("dl", "");
    const told = [
      ["Holders", spelled(one[HOLDERS]).join(", ") || "nobody"],
      ["Expected", spelled(one[EXPECTED]).join(", ") || "nobody"],
      ["Allowed by", one[ALLOWED].map((text) => data.texts[text]).join("; ")],
      ["Waived until", data.texts[one[UNTIL]]],
      ["Set by", data.texts[one[GOVERNED]].replace("none_seen", "no policy was seen")],
    ];
    for (const [term, text] of told) if (text) list.append(element("dt", "", term), element("dd", "", text));
    return element("details", "", element("summary", "", "Details"), list);
  };
  const row = ([host, one]) => {
    const rule = data.rules[one[RULE]];
    const head = element("th", "", host);
    head.scope = "row";
    return element(
      "tr", "", head,
      element("td", "", element("b", "", rule[0]), element("span", "sub", rule[3] || rule[1])),
      element("td", "", badge(STATUSES[one[STATUS]])),
      element("td", "", ...differs(one)),
      element("td", "", data.texts[one[REASON]], details(one)),
    );
  };
  const step = () => {
    for (const one of found.slice(shown, shown + STEP)) body.append(row(one));
    shown = Math.min(shown + STEP, found.length);
    label(body.parentElement);
    count.textContent = found.length ? `${shown} of ${number(found.length, "row")}` : "Nothing matches.";
    more.hidden = shown === found.length;
  };
  const search = () => {
    const sought = words(form);
    const statuses = new Set([...form.querySelectorAll("[name=status]:checked")].map((box) => Number(box.value)));
    const control = form.elements.control.value;
    const fits = data.findings.map((one, index) =>
      statuses.has(one[STATUS]) && (control === "" || one[RULE] === Number(control))
        ? sought.filter((word) => !haystacks[index].includes(word)) : null);
    found = [];
    for (const [host, findings] of data.hosts) {
      const name = host.toLowerCase();
      for (const index of findings) {
        if (fits[index] && fits[index].every((word) => name.includes(word))) found.push([host, data.findings[index]]);
      }
    }
    const heads = ["Host", "Control", "Status", "Too much (+), missing (\u2212)", "Why"].map((text) => {
      const head = element("th", "", text);
      head.scope = "col";
      return head;
    });
    body = element("tbody", "");
    const caption = element("caption", "unseen", "Hosts by controls that match");
    place.replaceChildren(element("table", "", caption, element("thead", "", element("tr", "", ...heads)), body));
    shown = 0;
    step();
  };
  form.addEventListener("input", later(search));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    const next = shown;
    step();
    body.rows[next].tabIndex = -1;
    body.rows[next].focus();
  });

  // Exactly the rows that match, in the form of controls.csv: no cell is a formula.
  const cell = (text) => `"${(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  document.getElementById("save").addEventListener("click", () => {
    const rows = found.map(([host, one]) => {
      const rule = data.rules[one[RULE]];
      const lists = [EXTRA, MISSING, HOLDERS].map((list) => names(one[list]).join("; "));
      return [host, rule[0], rule[4], STATUSES[one[STATUS]], rule[2], rule[3], ...lists, data.texts[one[REASON]]];
    });
    const head = ["host", "control", "severity", "status", "right", "display_name", "extra", "missing", "holders", "reason"];
    const text = `\ufeff${[head, ...rows].map((one) => one.map(cell).join(",")).join("\r\n")}\r\n`;
    const link = element("a", "");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = "rows.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  search();
})();
