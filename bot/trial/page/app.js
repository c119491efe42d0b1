// Puts the page together: what happens at the server is drawn, what the person does is sent.

import { drawAll, drawOne, remove, show } from "./chat.js";
import { drawClock, startClock } from "./clockbar.js";
import { drawComposer, forget, say, startComposer, takeUp } from "./composer.js";
import { icon, make } from "./message.js";
import { known, listen, person, post, setClock } from "./telegram.js";

const byId = (id) => document.getElementById(id);
const STOPPED = "The trial has stopped. Start it again in the terminal, and this page comes back by itself.";
const taps = new Map(); // tap id → the button that waits for its answer
const early = new Set(); // answers that came before their tap's id
let typingUntil = 0;
let noticeTimer = 0;
let toastTimer = 0;

const does = {
  say,
  show,
  botName: () => known.bot.name,
  reply: (message) => takeUp("reply", message),
  edit: (message) => takeUp("edit", message),
  enlarge(image) {
    byId("viewer-image").src = image.src;
    byId("viewer-image").alt = image.alt;
    byId("viewer").showModal();
  },
  pick(element) {
    document.querySelector(".picked")?.classList.remove("picked");
    element.classList.add("picked");
  },
  async copy(text) {
    await navigator.clipboard.writeText(text).catch(() => {});
    toast("Copied");
  },
  async tap(message, data, button) {
    if (button.classList.contains("waiting")) return;
    button.classList.add("waiting");
    button.setAttribute("aria-busy", "true");
    try {
      const { tap } = await post("tap", { message_id: message.id, data });
      if (early.delete(tap)) settle(button);
      else taps.set(tap, button);
    } catch (error) {
      settle(button);
      notice(error.message);
    }
  },
};

function settle(button) {
  button?.classList.remove("waiting");
  button?.removeAttribute("aria-busy");
}

function notice(text, stays = false) {
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
  clearTimeout(noticeTimer);
  if (text && !stays) noticeTimer = setTimeout(() => notice(""), 6000);
}

function toast(text) {
  byId("toast").textContent = text;
  byId("toast").classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => byId("toast").classList.remove("shown"), 3500);
}

function typing(on) {
  const subtitle = byId("subtitle");
  typingUntil = on ? performance.now() + 5000 : 0;
  if (subtitle.classList.contains("typing") === on) return;
  subtitle.classList.toggle("typing", on);
  subtitle.replaceChildren(on ? "typing" : "bot");
  if (!on) return;
  const dots = make("span", "dots");
  dots.append(make("i"), make("i"), make("i"));
  subtitle.append(dots);
}

// Each mistake is a line "file:line: step: what is wrong"; where it stands is set apart from what it is.
function drawMistakes() {
  const count = known.mistakes.length;
  byId("mistakes").hidden = !count;
  byId("mistakes-title").textContent = count === 1 ? "A mistake in the content" : `${count} mistakes in the content`;
  byId("mistakes-list").replaceChildren(
    ...known.mistakes.map((text) => {
      const [, where, what] = text.match(/^(\S+:\d+:)\s*(.*)$/s) ?? [null, "", text];
      const item = make("li");
      item.append(make("code", "", where), make("span", "", ` ${what}`));
      return item;
    }),
  );
}

const happenings = {
  content({ mistakes }) {
    known.mistakes = mistakes;
    drawMistakes();
    if (mistakes.length) byId("toast").classList.remove("shown");
    else toast("The changed content is in use");
  },
  message({ chat_id: chatId, message, zone }) {
    const chat = known.people.get(chatId);
    if (!chat) return;
    chat.messages.set(message.id, message);
    chat.zone = zone;
    if (chatId !== known.current) return;
    if (message.from_bot) typing(false);
    drawOne(message, does);
    drawComposer();
    drawClock();
  },
  deleted({ chat_id: chatId, message_id: messageId }) {
    known.people.get(chatId)?.messages.delete(messageId);
    if (chatId === known.current) remove(messageId);
  },
  answered({ chat_id: chatId, tap, text, alert }) {
    if (taps.has(tap)) settle(taps.get(tap));
    else early.add(tap);
    taps.delete(tap);
    if (!text || chatId !== known.current) return;
    if (!alert) {
      toast(text);
      return;
    }
    byId("alert-text").textContent = text;
    if (!byId("alert").open) byId("alert").showModal();
  },
  action({ chat_id: chatId }) {
    if (chatId === known.current) typing(true);
  },
  clock({ clock }) {
    setClock(clock);
    drawClock();
  },
};

/* People */

function initial(chat, index) {
  const element = make("span", `mini c${index % 5}`, [...chat.name][0].toUpperCase());
  element.setAttribute("aria-hidden", "true");
  return element;
}

function drawPeople() {
  const people = [...known.people.values()];
  const index = people.indexOf(person());
  byId("person-name").textContent = person().name;
  byId("person-initial").textContent = [...person().name][0].toUpperCase();
  byId("person-initial").className = `mini c${index % 5}`;
  byId("person").setAttribute("aria-label", `You are ${person().name}. Switch to another person`);
  byId("people-list").replaceChildren(
    ...people.map((chat, position) => {
      const item = make("li");
      const button = make("button", "one");
      button.type = "button";
      button.append(initial(chat, position), make("span", "", chat.name));
      if (chat === person()) {
        button.append(icon("check"));
        button.setAttribute("aria-current", "true");
      }
      button.addEventListener("click", () => become(chat.chat_id));
      item.append(button);
      return item;
    }),
  );
}

function become(chatId) {
  known.current = chatId;
  togglePeople(false);
  forget();
  typing(false);
  drawEverything();
}

function togglePeople(open) {
  byId("people").hidden = !open;
  byId("person").setAttribute("aria-expanded", String(open));
}

function drawEverything() {
  document.title = `${known.bot.name}: trial`;
  byId("bot-name").textContent = known.bot.name;
  byId("description").textContent = known.bot.description || "Press Start to begin.";
  drawPeople();
  drawMistakes();
  drawAll(does);
  drawComposer();
  drawClock();
}

byId("person").addEventListener("click", () => togglePeople(byId("people").hidden));
byId("add-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const { chat_id: chatId } = await post("person", { name: byId("new-name").value });
    byId("new-name").value = "";
    known.current = chatId;
    togglePeople(false);
    if (person()) become(chatId); // otherwise drawn when the server tells of the new person
  } catch (error) {
    notice(error.message);
  }
});
byId("viewer-image").addEventListener("click", () => byId("viewer").close());
document.addEventListener("click", (event) => {
  if (!event.target.closest(".switcher")) togglePeople(false);
  if (!event.target.closest(".message")) document.querySelector(".picked")?.classList.remove("picked");
});
document.addEventListener("keydown", (event) => event.key === "Escape" && togglePeople(false));
setInterval(() => typingUntil && performance.now() > typingUntil && typing(false), 500);

startComposer(notice);
startClock(notice);
listen({
  loaded() {
    notice("");
    drawEverything();
  },
  happened: (event) => happenings[event.kind]?.(event),
  lost: () => notice(STOPPED, true),
});
