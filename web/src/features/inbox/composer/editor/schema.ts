// What can be written: as much as our documents know, and nothing else. What is pasted is made to fit by it.
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions";
import { Link, Mention } from "./marks";

export const extensions = [
  Document,
  Paragraph,
  Text,
  Bold,
  Italic,
  Code,
  CodeBlock,
  Blockquote.extend({ content: "(paragraph | codeBlock | bulletList | orderedList)+" }),
  BulletList,
  OrderedList,
  // One line each, and lists below it.
  ListItem.extend({ content: "paragraph (bulletList | orderedList)*" }),
  UndoRedo,
  Link,
  Mention,
];
