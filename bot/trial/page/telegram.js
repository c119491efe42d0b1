// What the page knows: people, messages, clock; and the few requests that change it.

export const known = { bot: { name: "Uptake", description: "" }, people: new Map(), current: 0, clock: null, mistakes: [] };

const ERRORS = {
  playing: "The clock is still playing. Wait until it has arrived.",
  nothing_planned: "Nothing is planned yet. Finish the setup, or switch a check-in on in /plan.",
  gone: "That is no longer there.",
  too_long: "A message has between 1 and 4,096 characters.",
  place: "A latitude is between -90 and 90, a longitude between -180 and 180.",
  name: "Give the person a name.",
  failed: "The coach stumbled over that. The terminal says why.",
};

export const person = () => known.people.get(known.current);

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export const zone = () => person()?.zone || browserZone;

export function now() {
  if (!known.clock) return new Date();
  return new Date(known.clock.at + (performance.now() - known.clock.heard));
}

export function setClock(clock) {
  known.clock = { at: Date.parse(clock.now), heard: performance.now(), until: clock.until && new Date(clock.until) };
}

export async function load() {
  const answer = await fetch("/trial/state");
  const state = await answer.json();
  known.bot = state.bot;
  setClock(state.clock);
  known.mistakes = state.mistakes;
  known.people = new Map(
    state.people.map((one) => [one.chat_id, { ...one, messages: new Map(one.messages.map((m) => [m.id, m])) }]),
  );
  if (!known.people.has(known.current)) known.current = state.people[0]?.chat_id ?? 0;
}

export async function post(act, body = {}) {
  let answer;
  try {
    answer = await fetch(`/trial/${act}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ chat_id: known.current, ...body }),
    });
  } catch {
    throw new Error("The trial does not answer. Is it still running in the terminal?");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(ERRORS[told.error] || "That did not work. Reload the page and try again.");
  return told;
}

// Events that arrive while the state is being fetched wait for it, so that nothing newer is overwritten.
export function listen({ loaded, happened, lost }) {
  const source = new EventSource("/trial/events");
  let waiting = null;
  let again = false;
  const reload = async () => {
    again = waiting !== null;
    if (again) return;
    waiting = [];
    try {
      do {
        again = false;
        await load();
      } while (again);
    } catch {
      waiting = null;
      lost();
      return;
    }
    const missed = waiting;
    waiting = null;
    loaded();
    missed.forEach(happened);
  };
  source.onopen = reload;
  source.onerror = lost;
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (["person", "commands", "started_over"].includes(event.kind)) reload();
    else if (waiting) waiting.push(event);
    else happened(event);
  };
}
