// Before everything else: in a frame of another site a browser may forbid storage altogether. Then it is kept in memory,
// for as long as the page stands; nothing that matters rests there alone.
(() => {
  class Memory {
    #kept = new Map();
    get length() {
      return this.#kept.size;
    }
    key(index) {
      return [...this.#kept.keys()][index] ?? null;
    }
    getItem(key) {
      return this.#kept.get(String(key)) ?? null;
    }
    setItem(key, value) {
      this.#kept.set(String(key), String(value));
    }
    removeItem(key) {
      this.#kept.delete(String(key));
    }
    clear() {
      this.#kept.clear();
    }
  }
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].getItem("");
    } catch {
      Object.defineProperty(window, name, { value: new Memory() });
    }
  }
})();
