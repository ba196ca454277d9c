/*
 * The telephone of a Zhiyin contact centre inside your page. Include it from the installation itself:
 *   <script src="https://zhiyin.example.com/zhiyin-telephone.js"></script>
 *   const telephone = ZhiyinTelephone.mount(element, { url: "https://zhiyin.example.com/embed/COMPANY/telephone" });
 * Events, commands and what must hold: docs/guide/embedded-telephone.md. Needs nothing else; Apache-2.0.
 */
(() => {
  const PROTOCOL = "zhiyin.telephone";
  const VERSION = 1;
  const HELLO_EVERY_MS = 500;
  const MOST_HELLOS = 60; // then it is not coming: a frame that was refused never answers
  const ANSWER_LIMIT_MS = 15_000;

  /** A command was not done. `code` is for programs, the message for people. */
  class TelephoneProblem extends Error {
    constructor({ code, text }) {
      super(text || code);
      this.name = "TelephoneProblem";
      this.code = code;
    }
  }

  class Telephone {
    #frame;
    #origin;
    #handlers = new Map();
    #pending = new Map();
    #sent = 0;
    #hello;
    #ready = null;
    #state = null;

    constructor(element, { url, language, theme, title = "Zhiyin" }) {
      const address = new URL(url, document.baseURI);
      if (language) address.searchParams.set("language", language);
      if (theme) address.searchParams.set("theme", theme);
      this.#origin = address.origin;
      this.#frame = document.createElement("iframe");
      this.#frame.title = title;
      this.#frame.allow = "microphone; autoplay";
      this.#frame.style.cssText = "border: 0; width: 100%; height: 100%";
      this.#frame.src = address.href;
      this.#frame.addEventListener("load", this.#greet);
      window.addEventListener("message", this.#hear);
      element.append(this.#frame);
    }

    /** The last "state_changed", or null before the first. */
    get state() {
      return this.#state;
    }

    /** The frame, to be shown, hidden or sized. */
    get frame() {
      return this.#frame;
    }

    /** Call `handler` with each event of that name ("*": all). Returns how to stop. */
    on(name, handler) {
      const handlers = this.#handlers.get(name) ?? new Set();
      this.#handlers.set(name, handlers.add(handler));
      if (name === "ready" && this.#ready)
        queueMicrotask(() => handlers.has(handler) && handler(this.#ready));
      return () => handlers.delete(handler);
    }

    /** A number as text, or `{ number }`, `{ agent }`, `{ queue }`. Resolves to `{ contact }`. */
    dial(target) {
      return this.#ask("dial", typeof target === "string" ? { number: target } : target);
    }
    answer(contact) {
      return this.#ask("answer", { contact });
    }
    reject(contact) {
      return this.#ask("reject", { contact });
    }
    hangUp(contact) {
      return this.#ask("hang_up", { contact });
    }
    hold(contact) {
      return this.#ask("hold", { contact });
    }
    resume(contact) {
      return this.#ask("resume", { contact });
    }
    mute(isMuted = true) {
      return this.#ask("mute", { is_muted: isMuted });
    }
    sendDigits(digits) {
      return this.#ask("send_digits", { digits });
    }
    /** `{ number }`, `{ agent }` or `{ queue }`, and perhaps `note`. */
    transfer(target) {
      return this.#ask("transfer", target);
    }
    attachData(data) {
      return this.#ask("attach_data", { data });
    }
    /** "ready", "signed_out", or "not_ready" with the code of a reason, which "ready" lists. */
    setState(state, reason) {
      return this.#ask("set_state", { state, reason });
    }
    completeWrapUp(thenReady = true) {
      return this.#ask("complete_wrap_up", { then_ready: thenReady });
    }
    getState() {
      return this.#ask("get_state", {});
    }

    /** Take it out of the page. A running call ends as if the page had been closed. */
    unmount() {
      clearInterval(this.#hello);
      window.removeEventListener("message", this.#hear);
      for (const id of [...this.#pending.keys()]) this.#settle(id, { problem: { code: "unmounted" } });
      this.#handlers.clear();
      this.#frame.remove();
    }

    /** The page in the frame may still be loading its program: hello is said until it answers. */
    #greet = () => {
      clearInterval(this.#hello);
      this.#post({ type: "hello" });
      let said = 1;
      this.#hello = setInterval(() => {
        said += 1;
        if (said > MOST_HELLOS) clearInterval(this.#hello);
        else this.#post({ type: "hello" });
      }, HELLO_EVERY_MS);
    };

    #hear = (event) => {
      if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
      const message = event.data;
      if (message?.protocol !== PROTOCOL || message.version !== VERSION) return;
      if (message.type === "welcome") clearInterval(this.#hello);
      if (message.type === "reply") this.#settle(message.id, message);
      if (message.type === "event") this.#tell(message);
    };

    #tell({ event, agent, reasons, state, contact }) {
      const told = { event, agent, reasons, state, contact };
      if (event === "state_changed") this.#state = state;
      if (event === "ready") this.#ready = told;
      if (event === "login_needed") this.#ready = null;
      for (const handler of [...(this.#handlers.get(event) ?? []), ...(this.#handlers.get("*") ?? [])]) {
        try {
          handler(told);
        } catch (error) {
          reportError(error); // one handler's fault is not the next one's
        }
      }
    }

    #ask(command, fields) {
      this.#sent += 1;
      const id = `h${this.#sent}`;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => this.#settle(id, { problem: { code: "no_answer_in_time" } }),
          ANSWER_LIMIT_MS,
        );
        this.#pending.set(id, { resolve, reject, timer });
        this.#post({ ...fields, type: "command", id, command });
      });
    }

    #settle(id, { problem, result }) {
      const pending = this.#pending.get(id);
      if (!pending) return;
      this.#pending.delete(id);
      clearTimeout(pending.timer);
      if (problem) pending.reject(new TelephoneProblem(problem));
      else pending.resolve(result);
    }

    #post(message) {
      this.#frame.contentWindow?.postMessage(
        { ...message, protocol: PROTOCOL, version: VERSION },
        this.#origin,
      );
    }
  }

  window.ZhiyinTelephone = { mount: (element, options) => new Telephone(element, options), TelephoneProblem };
})();
