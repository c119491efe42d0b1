// The chat's wall: messages by day, grouped by who wrote them, kept at the newest.

import { formatDate, make, messageElement } from "./message.js";
import { known, now, person, zone } from "./telegram.js";

const log = document.getElementById("log");
const scroller = document.getElementById("scroller");
const toEnd = document.getElementById("to-end");
let shown = "";
let pinned = true;

scroller.addEventListener("scroll", () => {
  pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  toEnd.hidden = pinned;
});
toEnd.addEventListener("click", () => scrollToEnd(true));
new ResizeObserver(() => pinned && scrollToEnd()).observe(scroller);
new ResizeObserver(() => pinned && scrollToEnd()).observe(log);

export function scrollToEnd(smoothly = false) {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: smoothly ? "smooth" : "instant" });
  pinned = true;
  toEnd.hidden = true;
}

const dayOf = (message) =>
  formatDate(new Date(message.date), { year: "numeric", month: "2-digit", day: "2-digit" });

function dayTitle(message) {
  const date = new Date(message.date);
  const sameYear = formatDate(date, { year: "numeric" }) === formatDate(now(), { year: "numeric" });
  const parts = { weekday: "long", day: "numeric", month: "long" };
  // en-GB leaves out the comma after the weekday that Telegram's reader expects.
  const day = formatDate(date, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
  return `${formatDate(date, { weekday: parts.weekday })}, ${day}`;
}

export function drawAll(does) {
  shown = `${known.current} ${zone()}`;
  log.setAttribute("aria-live", "off"); // what was there before is not news
  log.replaceChildren();
  for (const message of inOrder()) place(message, messageElement(message, does));
  group();
  scrollToEnd();
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

export function drawOne(message, does) {
  if (shown !== `${known.current} ${zone()}`) {
    drawAll(does);
    return;
  }
  const old = find(message.id);
  const element = messageElement(message, does);
  if (old) {
    old.replaceWith(element);
  } else {
    element.classList.add("fresh");
    place(message, element);
  }
  group();
  if (pinned || !message.from_bot) scrollToEnd();
}

export function remove(id) {
  const element = find(id);
  const day = element?.parentElement;
  element?.remove();
  if (day && !day.querySelector(".message")) day.remove();
  group();
}

export function find(id) {
  return log.querySelector(`[data-id="${Number(id)}"]`);
}

export function show(id) {
  find(id)?.scrollIntoView({ block: "center", behavior: "smooth" });
}

const inOrder = () => [...person().messages.values()].sort((a, b) => a.id - b.id);

function place(message, element) {
  const day = dayOf(message);
  let section = log.lastElementChild;
  if (section?.dataset.day !== day) {
    section = make("section", "day");
    section.dataset.day = day;
    const date = make("div", "date");
    date.append(make("span", "", dayTitle(message)));
    section.append(date);
    log.append(section);
  }
  section.append(element);
}

function group() {
  for (const section of log.children) {
    const messages = [...section.querySelectorAll(".message")];
    messages.forEach((element, index) => {
      const side = element.classList.contains("in");
      const same = (other) => other?.classList.contains("in") === side;
      element.classList.toggle("first", !same(messages[index - 1]));
      element.classList.toggle("last", !same(messages[index + 1]));
    });
  }
}
