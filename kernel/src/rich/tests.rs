//! What is taken, what is refused, and how it looks in each dialect.

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

fn parse(value: Value) -> Result<Document, FieldError> {
    Document::parse(serde_json::from_value(value).unwrap())
}

fn document(value: Value) -> Document {
    parse(value).unwrap()
}

/// A paragraph for each text.
fn lines(texts: &[&str]) -> Value {
    let of = |text: &&str| json!({ "type": "paragraph", "spans": [{ "text": text }] });
    texts.iter().map(of).collect()
}

fn one(span: Value) -> Value {
    json!([{ "type": "paragraph", "spans": [span] }])
}

fn item(kind: &str, level: u8, text: &str) -> Value {
    json!({ "type": kind, "level": level, "spans": [{ "text": text }] })
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table, no logic")]
fn each_dialect_says_the_same() {
    let ada = Uuid::nil();
    let table = [
        (
            lines(&["Hello", "you", "", "there"]),
            "Hello\nyou\n\nthere",
            "Hello  \nyou\n\nthere",
            "<p>Hello<br>you</p><p>there</p>",
        ),
        (
            one(json!({ "text": "a & <b>" })),
            "a & <b>",
            "a \\& \\<b\\>",
            "<p>a &amp; &lt;b&gt;</p>",
        ),
        (
            json!([{ "type": "paragraph", "spans": [{ "text": "very ", "bold": true }, { "text": "big", "bold": true, "italic": true }, { "text": "!" }] }]),
            "very big!",
            "**very** ***big***!",
            "<p><strong>very </strong><strong><em>big</em></strong>!</p>",
        ),
        (
            one(json!({ "text": "a`b", "code": true })),
            "a`b",
            "``a`b``",
            "<p><code>a`b</code></p>",
        ),
        (
            one(json!({ "text": "the shop", "link": "https://shop.example/(a)?b=1&c" })),
            "the shop (https://shop.example/(a)?b=1&c)",
            "[the shop](https://shop.example/%28a%29?b=1&c)",
            "<p><a href=\"https://shop.example/(a)?b=1&amp;c\" rel=\"noopener noreferrer nofollow\">the shop</a></p>",
        ),
        (
            one(json!({ "text": "ada@shop.example", "link": "mailto:ada@shop.example" })),
            "ada@shop.example",
            "<ada@shop.example>",
            "<p><a href=\"mailto:ada@shop.example\" rel=\"noopener noreferrer nofollow\">ada@shop.example</a></p>",
        ),
        (
            one(json!({ "text": "Ada  Lovelace", "mention": ada, "bold": true })),
            "@Ada Lovelace",
            "@Ada Lovelace",
            "<p><span class=\"mention\">@Ada Lovelace</span></p>",
        ),
        (
            json!([
                item("bullet", 0, "one"),
                item("number", 1, "in it"),
                item("number", 1, "too"),
                item("bullet", 0, "two")
            ]),
            "- one\n  1. in it\n  2. too\n- two",
            "- one\n    1. in it\n    2. too\n- two",
            "<ul><li>one<ol><li>in it</li><li>too</li></ol></li><li>two</li></ul>",
        ),
        (
            json!([
                item("number", 0, "first"),
                { "type": "paragraph", "spans": [{ "text": "then" }] },
                { "type": "number", "number": 2, "spans": [{ "text": "second" }] },
                item("number", 0, "third"),
                { "type": "number", "number": 9, "spans": [{ "text": "last" }] },
                item("bullet", 0, "another"),
            ]),
            "1. first\nthen\n2. second\n3. third\n9. last\n- another",
            "1. first\n\nthen\n\n2. second\n3. third\n9. last\n- another",
            "<ol><li>first</li></ol><p>then</p><ol start=\"2\"><li>second</li><li>third</li><li value=\"9\">last</li></ol><ul><li>another</li></ul>",
        ),
        (
            json!([
                { "type": "paragraph", "quoted": true, "spans": [{ "text": "You said" }] },
                { "type": "bullet", "quoted": true, "spans": [{ "text": "this" }] },
                { "type": "bullet", "spans": [{ "text": "mine" }] },
            ]),
            "> You said\n> - this\n- mine",
            "> You said\n>\n> - this\n\n- mine",
            "<blockquote><p>You said</p><ul><li>this</li></ul></blockquote><ul><li>mine</li></ul>",
        ),
        (
            json!([{ "type": "code", "spans": [{ "text": "if a < b\n  ```", "bold": true }] }, { "type": "paragraph", "spans": [{ "text": "1. no list" }] }]),
            "if a < b\n  ```\n1. no list",
            "````\nif a < b\n  ```\n````\n\n1\\. no list",
            "<pre><code>if a &lt; b\n  ```</code></pre><p>1. no list</p>",
        ),
    ];
    for (value, plain, markdown, html) in table {
        let document = document(value);
        assert_eq!(plain::of(&document), plain);
        assert_eq!(markdown::of(&document), markdown);
        assert_eq!(html::of(&document), html);
    }
}

#[test]
fn what_it_does_not_know_is_no_document() {
    for unknown in [
        json!([{ "type": "image", "spans": [] }]),
        json!([{ "type": "paragraph" }]),
        json!([{ "type": "paragraph", "spans": [], "style": "x" }]),
        one(json!({ "text": "x", "onclick": "x" })),
        one(json!({ "text": "x", "mention": "Ada" })),
        one(json!({ "text": "x", "bold": "yes" })),
        json!([{ "type": "bullet", "level": -1, "spans": [] }]),
        json!({ "blocks": [] }),
    ] {
        assert!(
            serde_json::from_value::<Vec<Block>>(unknown.clone()).is_err(),
            "{unknown}"
        );
    }
}

#[test]
fn what_is_too_much_or_would_do_harm_is_refused_by_name() {
    let long = "x".repeat(50_000);
    let spans: Vec<_> = (0..=MAX_SPANS).map(|_| json!({ "text": "x" })).collect();
    let table = [
        (
            item("bullet", 6, "deep"),
            "rich[0].level",
            "is 6, lists are at most 5 deep",
        ),
        (
            json!({ "type": "number", "number": 0, "spans": [] }),
            "rich[0].number",
            "must be from 1 to 9999",
        ),
        (
            json!({ "type": "paragraph", "spans": [{ "text": "x", "link": "javascript:alert(1)" }] }),
            "rich[0].spans[0].link",
            "is no link to http, https, mailto or tel",
        ),
        (
            json!({ "type": "paragraph", "spans": [{ "text": "a\u{0}" }] }),
            "rich[0].spans[0].text",
            "must not contain NUL characters",
        ),
        (
            json!({ "type": "paragraph", "spans": [{ "text": long }, { "text": long, "bold": true }] }),
            "rich",
            "has 100068 bytes, at most 98304 are allowed",
        ),
        (
            json!({ "type": "paragraph", "spans": spans }),
            "rich",
            "has 4001 spans, at most 4000 are allowed",
        ),
    ];
    for (block, field, why) in table {
        let refused = parse(json!([block])).unwrap_err();
        assert_eq!((&*refused.field, &*refused.message), (field, why));
    }
    let many = lines(&["x"; MAX_BLOCKS + 1]);
    assert_eq!(
        parse(many).unwrap_err().message,
        "has 1001 blocks, at most 1000 are allowed"
    );
    let many = lines(&["x\n".repeat(MAX_BLOCKS + 1).as_str(), "x"]);
    assert_eq!(
        parse(many).unwrap_err().message,
        "has 1003 lines, at most 1000 are allowed"
    );
}

#[test]
fn what_means_nothing_is_left_out() {
    let table = [
        (lines(&["", " ", "a", "", "b", ""]), lines(&["a", "", "b"])),
        (lines(&["a\r\nb\u{2028}c"]), lines(&["a", "b", "c"])),
        (
            json!([item("bullet", 0, "a\nb")]),
            json!([{ "type": "bullet", "spans": [{ "text": "a b" }] }]),
        ),
        // Nothing turns the direction around or hides.
        (lines(&["a\u{202e}b\u{200b}\u{7}\tc"]), lines(&["ab\tc"])),
        // What holds a family or a flag together stays.
        (
            lines(&["👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}"]),
            lines(&["👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}"]),
        ),
        (
            json!([item("bullet", 3, "a"), item("bullet", 3, "b")]),
            json!([{ "type": "bullet", "spans": [{ "text": "a" }] }, { "type": "bullet", "level": 1, "spans": [{ "text": "b" }] }]),
        ),
        (
            json!([{ "type": "paragraph", "level": 2, "number": 7, "spans": [{ "text": "a", "bold": true }, { "text": "" }, { "text": "b", "bold": true }] }]),
            one(json!({ "text": "ab", "bold": true })),
        ),
    ];
    for (value, expect) in table {
        let document = document(value);
        assert_eq!(serde_json::to_value(&document).unwrap(), fix_empty(expect));
    }
}

/// An empty paragraph has no spans.
fn fix_empty(mut value: Value) -> Value {
    for block in value.as_array_mut().unwrap() {
        if block["spans"] == json!([{ "text": "" }]) {
            block["spans"] = json!([]);
        }
    }
    value
}

#[test]
fn what_plain_text_can_say_is_plain() {
    let address = "https://shop.example";
    for plain in [
        lines(&["a", "", "b"]),
        one(json!({ "text": address, "link": address })),
        json!([]),
    ] {
        assert!(document(plain.clone()).is_plain(), "{plain}");
    }
    for rich in [
        one(json!({ "text": "a", "italic": true })),
        one(json!({ "text": "a", "link": address })),
        one(json!({ "text": "Ada", "mention": Uuid::nil() })),
        json!([item("bullet", 0, "a")]),
        json!([{ "type": "paragraph", "quoted": true, "spans": [{ "text": "a" }] }]),
        json!([{ "type": "code", "spans": [{ "text": "a" }] }]),
    ] {
        assert!(!document(rich.clone()).is_plain(), "{rich}");
    }
}

#[test]
fn without_mentions_names_are_words() {
    let named = document(one(json!({ "text": "Ada", "mention": Uuid::nil() })));
    let words = named.clone().without_mentions();
    assert_eq!(plain::of(&words), plain::of(&named));
    assert!(words.is_plain());
}
