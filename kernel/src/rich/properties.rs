//! Whatever is taken is harmless in every dialect.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn some_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z *_`<>&\"'\\[\\]()#|~\\\\\n\t-]{0,12}",
        any::<String>(),
        Just("<script>alert(1)</script>".to_owned()),
        Just("\" onmouseover=\"x".to_owned()),
        Just("\u{202e}\u{2066}".to_owned()),
    ]
}

fn some_span() -> impl Strategy<Value = Span> {
    let link = prop_oneof![
        3 => Just(None),
        1 => Just(Some("https://shop.example/?a=1&b='2'".to_owned())),
        1 => "(https?|mailto|tel|javascript|data):[ -~]{0,20}".prop_map(Some),
    ];
    let mention = prop_oneof![5 => Just(None), 1 => Just(Some(UserId(Uuid::nil())))];
    (some_text(), any::<[bool; 3]>(), link, mention).prop_map(|(text, [bold, italic, code], link, mention)| Span {
        text,
        bold,
        italic,
        code,
        link,
        mention,
    })
}

fn some_block() -> impl Strategy<Value = Block> {
    let kind = proptest::sample::select(BlockKind::ALL);
    let number = prop_oneof![3 => Just(None), 1 => (1_u16..=9_999).prop_map(Some)];
    (
        kind,
        any::<bool>(),
        0..=MAX_LEVEL,
        number,
        prop::collection::vec(some_span(), 0..4),
    )
        .prop_map(|(kind, quoted, level, number, spans)| Block {
            kind,
            quoted,
            level,
            number,
            spans,
        })
}

/// The tags that HTML is made of; everything between them is letters.
fn tags(html: &str) -> Vec<String> {
    let inside = html.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0);
    inside.map(str::to_owned).collect()
}

proptest! {
    #[test]
    fn every_document_is_harmless_and_comes_back_as_it_was(blocks in prop::collection::vec(some_block(), 0..8)) {
        let Ok(document) = Document::parse(blocks) else {
            return Ok(());
        };
        let json = serde_json::to_string(&document).unwrap();
        prop_assert!(json.len() <= MAX_BYTES);
        prop_assert_eq!(&serde_json::from_str::<Document>(&json).unwrap(), &document);
        prop_assert_eq!(&Document::parse(document.blocks().to_vec()).unwrap(), &document);

        let html = html::of(&document);
        let mut open: Vec<String> = vec![];
        for tag in tags(&html) {
            let name = tag.split(' ').next().unwrap().to_owned();
            match name.strip_prefix('/') {
                Some(name) => {
                    let newest = open.pop();
                    prop_assert_eq!(newest.as_deref(), Some(name), "{}", html);
                }
                None if name == "br" => {}
                None => {
                    let known = ["p", "pre", "code", "blockquote", "ul", "ol", "li", "a", "strong", "em", "span"];
                    prop_assert!(known.contains(&name.as_str()), "{}", tag);
                    if let Some(link) = tag.strip_prefix("a href=\"") {
                        let (link, rest) = link.split_once('"').unwrap();
                        prop_assert_eq!(rest, " rel=\"noopener noreferrer nofollow\"");
                        let schemes = ["https://", "http://", "mailto:", "tel:"];
                        prop_assert!(schemes.iter().any(|scheme| link.starts_with(scheme)), "{}", link);
                    }
                    open.push(name);
                }
            }
        }
        prop_assert!(open.is_empty());

        let plain = plain::of(&document);
        let letters = |document: &Document| document.blocks().iter().flat_map(|block| &block.spans).map(|span| span.text.len()).sum::<usize>();
        let n_more = document.blocks().iter().map(|block| {
            let links = block.spans.iter().map(|span| span.link.as_ref().map_or(0, |link| link.len() + 3) + 1);
            // A break, a quote's sign, the level, a number.
            1 + 2 + 2 * usize::from(block.level) + 7 + links.sum::<usize>()
        });
        prop_assert!(plain.len() >= letters(&document) && plain.len() <= letters(&document) + n_more.sum::<usize>());
        prop_assert!(!plain.chars().any(|c| crate::text::is_unseen(c) || (c.is_control() && c != '\n' && c != '\t')));
        let words = document.clone().without_mentions();
        prop_assert_eq!(plain::of(&words), plain);
    }
}
