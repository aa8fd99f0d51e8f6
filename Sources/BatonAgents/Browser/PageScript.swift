/// What is run in a page to see what it shows; a page may answer what it likes, and is believed no more than its text.
enum PageScript {
    /// Brings address, title and text.
    static let read = """
        const body = document.body;
        return {url: document.location.href, title: document.title, text: body ? body.innerText.slice(0, 4000000) : ""};
        """

    /// Brings what can be seen and pressed or filled.
    static let controls = """
        const wanted = "a[href],button,input,select,textarea,summary,[contenteditable=true],[contenteditable=''],"
          + "[role=button],[role=link],[role=checkbox],[role=radio],[role=switch],[role=tab],[role=menuitem],[role=option],[role=textbox]";
        const flat = text => (text || "").replace(/\\s+/g, " ").trim();
        const isSeen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility === "visible" && !e.disabled;
        const labelled = e => (e.getAttribute("aria-labelledby") || "").split(/\\s+/)
          .map(id => document.getElementById(id)).filter(Boolean).map(l => l.innerText).join(" ");
        // A label may hold the control itself, with all its choices.
        const bare = l => { const c = l.cloneNode(true); c.querySelectorAll("select,textarea,script,style").forEach(x => x.remove());
          return c.textContent; };
        const label = e => e.labels && e.labels.length ? Array.from(e.labels).map(bare).join(" ") : "";
        const found = [];
        for (const e of document.querySelectorAll(wanted)) {
          if (found.length >= 400) break;
          const tag = e.tagName.toLowerCase(), type = (e.type || "").toLowerCase(), role = e.getAttribute("role") || "";
          if (!isSeen(e) || type === "hidden" || type === "file") continue;
          let kind = "button", value = "", own = e.innerText;
          if (tag === "a" || role === "link") kind = "link";
          if (tag === "input" && ["submit", "button", "reset", "image"].includes(type)) own = e.value || e.alt || type;
          else if (tag === "input" && ["checkbox", "radio"].includes(type)) {
            kind = "box"; value = e.checked ? "on" : "off"; own = "";
          } else if (tag === "select") {
            kind = "choice"; own = "";
            const names = Array.from(e.options).map(o => flat(o.text));
            value = flat(e.selectedOptions.length ? e.selectedOptions[0].text : "") + " of " + names.slice(0, 30).join(" | ");
          } else if (tag === "input" || tag === "textarea") {
            kind = "field"; value = type === "password" ? (e.value ? "(hidden)" : "") : flat(e.value); own = "";
          } else if (e.isContentEditable || role === "textbox") { kind = "field"; value = flat(e.innerText); own = ""; }
          else if (["checkbox", "radio", "switch"].includes(role)) {
            kind = "box"; value = e.getAttribute("aria-checked") === "true" ? "on" : "off";
          }
          const picture = e.querySelector ? e.querySelector("img[alt]") : null;
          const name = [e.getAttribute("aria-label"), labelled(e), label(e), own, picture && picture.alt, e.placeholder,
            e.title, e.name, e.id].map(flat).find(t => t) || "";
          found.push({element: e, kind, name: name.slice(0, 200), value: value.slice(0, 400),
            long: tag === "textarea" || e.isContentEditable});
        }
        return found;
        """

    /// Takes an element and a text: puts the text in the place of what it holds; brings whether it takes one.
    ///
    /// By its value and not by keys: to whatever it turns meanwhile, no key and no file of this machine goes into it.
    static let fill = """
        const [field, text] = arguments;
        field.focus();
        if (field.isContentEditable) { field.innerText = text; }
        else {
          const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
          if (!(field instanceof kind) || field.type === "file" || field.readOnly) return false;
          Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, text);
        }
        field.dispatchEvent(new Event("input", {bubbles: true}));
        field.dispatchEvent(new Event("change", {bubbles: true}));
        return true;
        """

    /// Takes an element and a text: chooses the option of that text; brings whether there is one.
    static let choose = """
        const [choice, wanted] = arguments;
        const flat = text => (text || "").replace(/\\s+/g, " ").trim().toLowerCase();
        const option = Array.from(choice.options).find(o => flat(o.text) === flat(wanted) && !o.disabled);
        if (!option) return false;
        choice.value = option.value;
        option.selected = true;
        choice.dispatchEvent(new Event("input", {bubbles: true}));
        choice.dispatchEvent(new Event("change", {bubbles: true}));
        return true;
        """
}
