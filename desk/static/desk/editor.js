// Starts the kept editor (django-prose-editor, which is Tiptap) over the body's text area. Without it the text area takes plain text,
// Markdown or HTML; with it, what it may make is what content/html.py keeps. It opens the same HTML that it will send.
import { BUTTONS, chinese } from "./editor-words.js"
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History, HorizontalRule, Image, Italic, Link, ListItem,
  Menu, NoSpellCheck, OrderedList, Paragraph, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text, Underline,
} from "../django_prose_editor/editor.js"

// pictures stand in the body by their names; the list of files on the page knows where their bytes are
const addresses = () => new Map([...document.querySelectorAll("[data-picture]")].map((one) => [one.dataset.picture, one.src]))

const Picture = Image.extend({
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("img")
      dom.alt = node.attrs.alt || node.attrs.src || ""
      const address = addresses().get(node.attrs.src)
      if (address) dom.src = address
      return { dom }
    }
  },
})

const GROUPS = [
  { group: "headings" }, { group: "lists" }, { group: "marks" }, { group: "link" }, { group: "table" }, { group: "history" },
]

function start(textarea) {
  const element = document.createElement("div")
  element.className = "prose-editor"
  textarea.before(element)
  element.append(textarea)
  const editor = new Editor({
    element,
    injectCSS: false, // the page's rules allow no style that did not come as a file; writing.css has it
    extensions: [
      Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, NoSpellCheck, Blockquote, Bold, BulletList, Italic, ListItem, OrderedList.configure({ enableListAttributes: false }),
      HorizontalRule, Underline, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Heading.configure({ levels: [2, 3, 4] }),
      Link.configure({ enableTarget: false, protocols: ["http", "https", "mailto", "tel"] }), Picture.configure({ inline: true, allowBase64: false }),
      Menu.configure({ groups: GROUPS }),
    ],
    content: opened(textarea.value),
    editorProps: {
      attributes: {
        "aria-label": document.querySelector(`label[for="${textarea.id}"]`)?.textContent.trim() || "", "aria-multiline": "true", role: "textbox",
        ...(textarea.getAttribute("aria-describedby") ? { "aria-describedby": textarea.getAttribute("aria-describedby") } : {}),
      },
    },
    onCreate() {
      setTimeout(() => label(element))
    },
    onUpdate({ editor }) {
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
    },
  })
  document.querySelector(`label[for="${textarea.id}"]`)?.addEventListener("click", () => editor.commands.focus())
}

// the menu makes itself when the editor is there
function label(element) {
  const bar = element.querySelector(".prose-menubar")
  if (!bar) return
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", chinese ? "工具栏" : "Toolbar")
  if (chinese) for (const button of bar.querySelectorAll("button")) named(button)
}

function named(button) {
  const words = BUTTONS[button.title] || BUTTONS[button.getAttribute("aria-label")]
  if (!words) return
  button.title = words
  button.setAttribute("aria-label", words)
}

// plain text that was typed before the editor ran, or came from a sheet: a paragraph a line, as the server would read it
function opened(value) {
  if (/<\/?[a-z][^<>]*>/i.test(value)) return value
  const inert = document.createElement("p")
  return value.split("\n").filter((line) => line.trim()).map((line) => {
    inert.textContent = line.trim()
    return inert.outerHTML
  }).join("")
}

for (const textarea of document.querySelectorAll("textarea[data-editor]")) start(textarea)
