//! The demo tenant: a small shop with a team and a handful of lively conversations, made at the first start.

use std::sync::Arc;

use actors::Hub;
use anyhow::{Context, anyhow};
use api::Seal;
use chrono::TimeDelta;
use connectors::web_chat::WebChatSettings;
use crm::contact::{self, Contact, ContactChange, NewContact};
use identity::member::{self, NewMember};
use identity::tenant::{self, NewTenant};
use inbox::channel::{self, Channel, ChannelError, ChannelKind, NewChannel};
use inbox::conversation::{
    Approach, Assign, ConversationEntity, PostMessage, Prioritize, Priority, SetLabels, SetStatus, Status, Text,
};
use inbox::label::{self, LabelColor, NewLabel};
use kernel::channel::Inbound;
use kernel::{Caller, ConversationId, Fault, Permissions, TenantId, UserId, Who};
use store::StoreError;
use uuid::Uuid;

const PASSWORD: &str = "switchboard-demo";
const OWNER: (&str, &str) = ("Maya Lindqvist", "maya@demo.example");
const AGENTS: [(&str, &str); 2] = [("Tom Okafor", "tom@demo.example"), ("Ines Duarte", "ines@demo.example")];

/// Makes the demo tenant unless it is there, and returns how to get in.
pub(crate) async fn prepare(hub: &Hub, seal: &Seal, url: &str) -> anyhow::Result<String> {
    let tenant = match member::tenant_by_slug(hub.store(), "northwind-outfitters").await {
        Ok(tenant) => tenant,
        Err(member::MemberError::NoSuchTenant) => make(hub, seal).await?,
        Err(error) => return Err(told(error)),
    };
    let key = first_key(hub, tenant).await?;
    Ok(format!(
        "\n  Switchboard is ready\n\n    Inbox        {url}\n    Sign in as   {} (or {}, {})\n    Password     {PASSWORD}\n    Widget test  {url}/widget-test?key={key}\n    API          {url}/api/docs\n",
        OWNER.1, AGENTS[0].1, AGENTS[1].1
    ))
}

async fn make(hub: &Hub, seal: &Seal) -> anyhow::Result<TenantId> {
    let store = hub.store();
    let new = |(name, email): (&str, &str)| (name.to_owned(), email.to_owned(), PASSWORD.to_owned());
    let (name, email, password) = new(OWNER);
    let company = "Northwind Outfitters".to_owned();
    let created = tenant::create(
        store,
        NewTenant {
            company,
            name,
            email,
            password,
        },
    )
    .await
    .map_err(told)?;
    let tenant = created.tenant;
    let system = Caller::system(tenant, "demo");
    let mut team = vec![user(tenant, created.owner, OWNER.0)];
    for agent in AGENTS {
        let (name, email, password) = new(agent);
        let id = member::create(
            store,
            &system,
            NewMember {
                name,
                email,
                password,
                role: "agent".into(),
            },
        )
        .await;
        team.push(user(tenant, id.map_err(told)?, agent.0));
    }
    let settings = WebChatSettings {
        title: "Hello from Northwind".into(),
        greeting: "Questions about gear, sizes or your order? We are happy to help.".into(),
        ..WebChatSettings::default()
    };
    let new = NewChannel {
        kind: ChannelKind::WebChat,
        name: "Website".into(),
        settings,
    };
    let channel = store
        .write(&system, async |tx| channel::create(tx, seal, new).await)
        .await
        .map_err(told)?;
    let mut labels = vec![];
    for (name, color) in LABELS {
        let new = NewLabel {
            name: name.into(),
            color,
        };
        let made = store.write(&system, async |tx| label::create(tx, &new).await).await;
        labels.push(made.map_err(told)?);
    }
    let cast = Cast { team, labels };
    for story in stories() {
        story.tell(hub, &channel, &cast).await?;
    }
    Ok(tenant)
}

fn user(tenant: TenantId, id: UserId, name: &str) -> Caller {
    Caller {
        tenant,
        who: Who::User(id),
        name: name.into(),
        permissions: Permissions::all(),
    }
}

/// What happens in a demo conversation, in order; the number says who of the team.
#[derive(Clone, Copy)]
enum Step {
    Customer(&'static str),
    Reply(usize, &'static str),
    Note(usize, &'static str),
    Assign(usize),
    Urgent,
    Label(&'static [usize]),
    Resolve,
    Snooze,
    Pend,
}

/// Who and what there is to tell stories with.
struct Cast {
    team: Vec<Caller>,
    labels: Vec<label::Label>,
}

const LABELS: [(&str, LabelColor); 6] = [
    ("Order", LabelColor::Blue),
    ("Return", LabelColor::Orange),
    ("Sizing", LabelColor::Violet),
    ("Shipping", LabelColor::Teal),
    ("Wholesale", LabelColor::Green),
    ("Complaint", LabelColor::Red),
];

struct Story {
    name: &'static str,
    email: Option<&'static str>,
    page: &'static str,
    steps: &'static [Step],
}

#[expect(clippy::too_many_lines, reason = "a list of stories, no logic")]
fn stories() -> Vec<Story> {
    use Step::{Assign, Customer, Label, Note, Pend, Reply, Resolve, Snooze, Urgent};
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
                Reply(
                    2,
                    "It is cut close. With a fleece underneath most people take the larger one.",
                ),
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
                Note(
                    1,
                    "We did something like this with the Bergen club: 20 vouchers and a banner.",
                ),
                Reply(
                    0,
                    "We could give 20 vouchers for the raffle and lend you the big tarps. Would that help?",
                ),
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
                Reply(
                    2,
                    "Under Account, then Profile. The change needs one click in a mail that we send to the new address.",
                ),
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

impl Story {
    async fn tell(&self, hub: &Hub, channel: &Channel, cast: &Cast) -> anyhow::Result<()> {
        let system = cast
            .team
            .first()
            .map(|owner| Caller::system(owner.tenant, "demo"))
            .context("a team")?;
        let contact = hub.store().write(&system, async |tx| self.contact(tx).await).await?;
        let customer = Caller {
            tenant: system.tenant,
            who: Who::Contact(contact.id, channel.id),
            name: contact.name.clone().into(),
            permissions: Permissions::NONE,
        };
        let mut conversation: Option<ConversationId> = None;
        for step in self.steps {
            if let Step::Customer(text) = *step {
                let (text, key) = (text.to_owned(), Uuid::now_v7());
                let inbound = Inbound {
                    channel: channel.id,
                    contact: contact.id,
                    conversation,
                    text,
                    key,
                };
                let change = inbox::receive(hub, &customer, inbound).await.map_err(told)?;
                conversation = Some(change.conversation.id);
            } else {
                let id = conversation.context("a story begins with the customer")?;
                step.act(hub, id, cast).await?;
            }
        }
        Ok(())
    }

    async fn contact(&self, tx: &mut store::Tx<'_>) -> Result<Contact, StoreError> {
        let new = NewContact {
            name: Some(self.name.into()),
            email: self.email.map(Into::into),
            phone: None,
        };
        let contact = contact::create(tx, new).await?;
        let page = format!("https://northwind.example{}", self.page);
        let attributes = [("page".to_owned(), page)].into_iter().collect();
        contact::update(
            tx,
            contact.id,
            ContactChange {
                attributes,
                ..ContactChange::default()
            },
        )
        .await
    }
}

impl Step {
    async fn act(self, hub: &Hub, id: ConversationId, cast: &Cast) -> anyhow::Result<()> {
        let member = |n: usize| cast.team.get(n).context("someone of the team");
        let post = |approach, text: &str| {
            let text = Text::parse(text).map_err(|problem| anyhow!("{}", problem.message))?;
            anyhow::Ok(PostMessage {
                approach,
                text,
                key: Uuid::now_v7(),
            })
        };
        let status = |status, until| SetStatus { status, until };
        let outcome = match self {
            Self::Customer(_) => return Ok(()),
            Self::Reply(n, text) => {
                hub.ask::<ConversationEntity, _>(member(n)?, id, post(Approach::Reply { seen: None }, text)?)
                    .await
            }
            Self::Note(n, text) => {
                hub.ask::<ConversationEntity, _>(member(n)?, id, post(Approach::Note, text)?)
                    .await
            }
            Self::Assign(n) => {
                let member = member(n)?;
                let assignee = member.user().map(|id| (id, member.name.to_string()));
                hub.ask::<ConversationEntity, _>(member, id, Assign { assignee }).await
            }
            Self::Urgent => {
                hub.ask::<ConversationEntity, _>(
                    member(0)?,
                    id,
                    Prioritize {
                        priority: Priority::Urgent,
                    },
                )
                .await
            }
            Self::Label(places) => {
                let label_ids = places
                    .iter()
                    .filter_map(|place| cast.labels.get(*place))
                    .map(|label| label.id);
                let set = SetLabels {
                    label_ids: label_ids.collect(),
                    known: Arc::new(cast.labels.iter().map(label::Label::mark).collect()),
                };
                hub.ask::<ConversationEntity, _>(member(1)?, id, set).await
            }
            Self::Resolve => {
                hub.ask::<ConversationEntity, _>(member(1)?, id, status(Status::Resolved, None))
                    .await
            }
            Self::Pend => {
                hub.ask::<ConversationEntity, _>(member(2)?, id, status(Status::Pending, None))
                    .await
            }
            Self::Snooze => {
                let until = hub.store().clock().now() + TimeDelta::days(1);
                hub.ask::<ConversationEntity, _>(member(0)?, id, status(Status::Snoozed, Some(until)))
                    .await
            }
        };
        outcome.map(drop).map_err(told)
    }
}

async fn first_key(hub: &Hub, tenant: TenantId) -> anyhow::Result<String> {
    let caller = Caller::system(tenant, "demo");
    let channels = hub
        .store()
        .read(&caller, async |tx| channel::list(tx).await.map_err(ChannelError::from))
        .await;
    let channels = channels.map_err(told)?;
    Ok(channels
        .into_iter()
        .next()
        .context("the demo tenant has no channel")?
        .key)
}

fn told(fault: impl Fault + 'static) -> anyhow::Error {
    anyhow!("{fault}")
}
