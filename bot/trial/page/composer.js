// Where the person writes: text, commands, replies and edits, and the odd things people send.

import { make, summary } from "./message.js";
import { known, person, post } from "./telegram.js";

const byId = (id) => document.getElementById(id);
const form = byId("form");
const text = byId("text");
const send = byId("send");
const menu = byId("menu");
const commands = byId("commands");
const list = byId("command-list");
const clip = byId("clip");
const attach = byId("attach");
const about = byId("about");
const place = byId("place");
const keyboard = byId("reply-keyboard");
let subject = null; // { what: "reply" | "edit", message }
let chosen = 0;
let usedKeyboard = 0;
let complain = () => {};

export async function say(words, replyTo = null) {
  try {
    await post("type", { text: words, reply_to: replyTo });
    return true;
  } catch (error) {
    complain(error.message);
    return false;
  }
}

export function takeUp(what, message) {
  subject = { what, message };
  byId("about-what").textContent = what === "edit" ? "Edit message" : `Reply to ${message.from_bot ? known.bot.name : person().name}`;
  byId("about-text").textContent = summary(message);
  about.querySelector("use").setAttribute("href", what === "edit" ? "#i-pen" : "#i-reply");
  about.hidden = false;
  if (what === "edit") text.value = message.text;
  fit();
  text.focus();
}

export function forget() {
  if (subject?.what === "edit") text.value = "";
  subject = null;
  about.hidden = true;
  fit();
}

export function drawComposer() {
  const messages = [...person().messages.values()];
  byId("start").hidden = messages.length > 0;
  byId("write").hidden = messages.length === 0;
  byId("empty").hidden = messages.length > 0;
  menu.hidden = !person().commands.length;
  drawKeyboard(messages);
}

function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 150)}px`;
  send.disabled = !text.value.trim();
}

async function submit() {
  const words = text.value.trim();
  if (!words) return;
  if (subject?.what === "edit") {
    const { id } = subject.message;
    await post("edit", { message_id: id, text: words }).catch((error) => complain(error.message));
    forget();
  } else if (await say(words, subject?.message.id ?? null)) {
    text.value = "";
    forget();
  }
  closeCommands();
  fit();
}

/* Commands */

function openCommands(filter = "") {
  const matching = person().commands.filter((one) => one.command.startsWith(filter));
  if (!matching.length) {
    closeCommands();
    return;
  }
  chosen = 0;
  list.replaceChildren(
    ...matching.map((one, index) => {
      const item = make("li");
      item.id = `command-${index}`;
      item.setAttribute("role", "option");
      item.dataset.command = `/${one.command}`;
      item.append(make("b", "", `/${one.command}`), make("span", "", one.description));
      item.addEventListener("click", () => pickCommand(item));
      return item;
    }),
  );
  commands.hidden = false;
  menu.setAttribute("aria-expanded", "true");
  choose(0);
}

function closeCommands() {
  commands.hidden = true;
  menu.setAttribute("aria-expanded", "false");
  text.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const items = [...list.children];
  chosen = (index + items.length) % items.length;
  items.forEach((item, position) => item.setAttribute("aria-selected", String(position === chosen)));
  items[chosen].scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", items[chosen].id);
}

function pickCommand(item) {
  closeCommands();
  text.value = "";
  fit();
  say(item.dataset.command);
}

/* The keyboard a bot may put in the place of suggestions */

function drawKeyboard(messages) {
  const last = messages.filter((message) => message.from_bot && message.keyboard).at(-1);
  const markup = last && last.id !== usedKeyboard ? last.keyboard : null;
  text.placeholder = markup?.input_field_placeholder || "Message";
  keyboard.hidden = !markup?.keyboard;
  if (keyboard.hidden) return;
  keyboard.replaceChildren(
    ...markup.keyboard.map((row) => {
      const line = make("div");
      for (const told of row) {
        const label = typeof told === "string" ? told : told.text;
        const button = make("button", "", label);
        button.type = "button";
        button.addEventListener("click", () => {
          if (markup.one_time_keyboard) usedKeyboard = last.id;
          if (told.request_location) openPlace();
          else say(label);
        });
        line.append(button);
      }
      return line;
    }),
  );
}

/* Odd things */

function toggleAttach(open) {
  attach.hidden = !open;
  clip.setAttribute("aria-expanded", String(open));
}

function openPlace() {
  setPlace();
  place.returnValue = "no";
  place.showModal();
}

function setPlace() {
  const city = byId("city").value;
  if (city) [byId("lat").value, byId("lon").value] = city.split(",");
  else byId("lat").focus();
}

export function startComposer(tell) {
  complain = tell;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", () => {
    fit();
    const typed = /^\/([a-z0-9_]*)$/.exec(text.value);
    if (typed) openCommands(typed[1]);
    else closeCommands();
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!commands.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!commands.hidden && text.value.startsWith("/")) pickCommand(list.children[chosen]);
      else submit();
    }
  });
  menu.addEventListener("click", () => (commands.hidden ? openCommands() : closeCommands()));
  clip.addEventListener("click", () => toggleAttach(attach.hidden));
  attach.addEventListener("click", (event) => {
    const what = event.target.closest("[data-send]")?.dataset.send;
    if (!what) return;
    toggleAttach(false);
    if (what === "location") openPlace();
    else post(what).catch((error) => complain(error.message));
  });
  byId("city").addEventListener("change", setPlace);
  place.addEventListener("close", () => {
    if (place.returnValue !== "yes") return;
    const where = { lat: Number(byId("lat").value), lon: Number(byId("lon").value) };
    post("location", where).catch((error) => complain(error.message));
  });
  byId("about-close").addEventListener("click", forget);
  byId("start").addEventListener("click", () => say("/start"));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#commands, #menu, #text")) closeCommands();
    if (!event.target.closest("#attach, #clip")) toggleAttach(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeCommands();
    toggleAttach(false);
    if (subject) forget();
  });
  fit();
}
