//! What the demo shop's customers write, and what the team does about it.

use inbox::label::LabelColor;
use kernel::Caller;
use kernel::rich::{Block, BlockKind, Span};

use super::cast::Cast;

/// What happens in a demo conversation, in order; the number says who of the team.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Customer(&'static str),
    Reply(usize, &'static str),
    Note(usize, &'static str),
    /// With formatting, and in notes with mentions.
    RichReply(usize, fn(&Cast) -> Vec<Block>),
    RichNote(usize, fn(&Cast) -> Vec<Block>),
    Assign(usize),
    Urgent,
    Label(&'static [usize]),
    Resolve,
    Snooze,
    Pend,
}

pub(super) const LABELS: [(&str, LabelColor); 6] = [
    ("Order", LabelColor::Blue),
    ("Return", LabelColor::Orange),
    ("Sizing", LabelColor::Violet),
    ("Shipping", LabelColor::Teal),
    ("Wholesale", LabelColor::Green),
    ("Complaint", LabelColor::Red),
];

pub(super) struct Story {
    pub(super) name: &'static str,
    pub(super) email: Option<&'static str>,
    pub(super) page: &'static str,
    pub(super) steps: &'static [Step],
}

#[expect(clippy::too_many_lines, reason = "a list of stories, no logic")]
pub(super) fn stories() -> Vec<Story> {
    use Step::{Assign, Customer, Label, Note, Pend, Reply, Resolve, RichNote, RichReply, Snooze, Urgent};
    let story = |name, email, page, steps| Story {
        name,
        email,
        page,
        steps,
    };
    vec![
        story(
            "Hannah Weiss",
            Some("hannah.weiss@mail.example"),
            "/orders/20417",
            &[
                Customer("Hi! My parcel says delivered, but nothing is here. Order 20417."),
                Label(&[0, 3]),
                Assign(1),
                Reply(1, "Hi Hannah, sorry about that. I am asking the carrier right now."),
                Note(
                    1,
                    "Carrier says it went to the neighbour at number 12. Waiting for a photo.",
                ),
                Reply(
                    1,
                    "It was left with your neighbour at number 12. Could you have a look?",
                ),
                Customer("Found it, thank you so much!"),
                Resolve,
            ],
        ),
        story(
            "Luca Moretti",
            None,
            "/jackets/fjell-shell",
            &[
                Customer("Does the Fjell shell run small? I am between M and L."),
                Label(&[2]),
                RichReply(2, |_| {
                    vec![
                        paragraph([say("It is "), bold("cut close"), say(". Between two sizes:")]),
                        bullet([bold("L"), say(" with a fleece underneath, what most people take")]),
                        bullet([bold("M"), say(" over a shirt, for running and cycling")]),
                        paragraph([
                            say("The "),
                            link("size table", "https://northwind.example/sizes#fjell"),
                            say(" has the measures in cm."),
                        ]),
                    ]
                }),
                Customer("And can I send it back if it does not fit?"),
                Pend,
            ],
        ),
        story(
            "Priya Raman",
            Some("priya@studio.example"),
            "/wholesale",
            &[
                Customer("We would like 60 tents for a summer camp. Who can I talk to about a price?"),
                Label(&[4]),
                Assign(0),
                Reply(0, "That would be me. When do you need them, and where to?"),
                Customer("Mid June, to Bergen. Two deliveries would be fine."),
                Note(
                    0,
                    "Stock has 45, the other 15 come on the 3rd. Offer 12 % for two deliveries.",
                ),
                Snooze,
            ],
        ),
        story(
            "Jonas Berg",
            Some("jonas.berg@mail.example"),
            "/checkout",
            &[
                Customer("Checkout fails with \"card declined\", but my bank says all is well."),
                Customer("I tried two cards now, same thing 😕"),
                RichNote(2, |cast| {
                    vec![
                        paragraph([
                            mention(cast, 0),
                            say(" can you look into this? The log of the checkout says:"),
                        ]),
                        code("POST /payments 402"),
                        code("reason: three_d_secure_required"),
                        paragraph([
                            say("So it is "),
                            italic("our"),
                            say(" side: "),
                            coded("3ds"),
                            say(" is off since the release of this morning."),
                        ]),
                    ]
                }),
                Label(&[0, 5]),
                Urgent,
                Assign(0),
            ],
        ),
        story(
            "Elif Yilmaz",
            Some("elif@trailclub.example"),
            "/events",
            &[
                Customer("Hi, we are the trail club in Kadikoy. Would you sponsor our autumn hike?"),
                Assign(0),
                Reply(0, "Hi Elif! We like the sound of that. How many of you go, and where?"),
                Customer("About 80 people, two days around Lake Abant."),
                RichNote(1, |cast| {
                    vec![paragraph([
                        mention(cast, 0),
                        say(" we did this with the Bergen club, too: 20 vouchers and a "),
                        italic("banner"),
                        say(". They posted "),
                        coded("#northwind"),
                        say(" all week."),
                    ])]
                }),
                RichReply(0, |_| {
                    vec![
                        paragraph([say("We could give you")]),
                        bullet([bold("20 vouchers"), say(" for the raffle")]),
                        bullet([
                            say("the big "),
                            link("tarps", "https://northwind.example/tarps"),
                            say(", to lend"),
                        ]),
                        paragraph([say("Would that help?")]),
                    ]
                }),
                Customer("That would be wonderful! What do you need from us?"),
            ],
        ),
        story(
            "Amélie Laurent",
            None,
            "/boots/tinder",
            &[Customer(
                "Bonjour! Are the Tinder boots waterproof, or do I need to wax them first?",
            )],
        ),
        story(
            "Sam Carter",
            Some("sam.carter@mail.example"),
            "/account",
            &[
                Customer("How do I change the e-mail address of my account?"),
                Assign(2),
                RichReply(2, |_| {
                    vec![
                        paragraph([say("Three steps:")]),
                        number([say("Open "), bold("Account"), say(", then "), bold("Profile")]),
                        number([say("Write the new address and press "), bold("Save")]),
                        number([say("Click the link in the mail that we send there")]),
                    ]
                }),
                Customer("Perfect, that worked."),
            ],
        ),
        story(
            "Noor Haddad",
            None,
            "/sale",
            &[
                Customer("Is the sale price of the Lyng backpack still on tomorrow?"),
                Customer("And do you ship to Beirut?"),
                Label(&[3]),
            ],
        ),
    ]
}

fn block<const N: usize>(kind: BlockKind, spans: [Span; N]) -> Block {
    Block {
        kind,
        quoted: false,
        level: 0,
        number: None,
        spans: spans.into(),
    }
}

fn paragraph<const N: usize>(spans: [Span; N]) -> Block {
    block(BlockKind::Paragraph, spans)
}

fn bullet<const N: usize>(spans: [Span; N]) -> Block {
    block(BlockKind::Bullet, spans)
}

fn number<const N: usize>(spans: [Span; N]) -> Block {
    block(BlockKind::Number, spans)
}

fn code(line: &str) -> Block {
    block(BlockKind::Code, [say(line)])
}

fn say(text: &str) -> Span {
    Span {
        text: text.into(),
        ..Span::default()
    }
}

fn bold(text: &str) -> Span {
    Span {
        bold: true,
        ..say(text)
    }
}

fn italic(text: &str) -> Span {
    Span {
        italic: true,
        ..say(text)
    }
}

fn coded(text: &str) -> Span {
    Span {
        code: true,
        ..say(text)
    }
}

fn link(text: &str, to: &str) -> Span {
    Span {
        link: Some(to.into()),
        ..say(text)
    }
}

/// Someone of the team, by name.
fn mention(cast: &Cast, n: usize) -> Span {
    let member = cast.team.get(n);
    Span {
        mention: member.and_then(Caller::user),
        ..say(member.map_or("", |member| &member.name))
    }
}
