//! The rules by example, and by whatever sequence of commands comes to mind.

use kernel::{ChannelId, ContactId, ConversationId, TenantId};
use proptest::prelude::*;
use uuid::Uuid;

use super::super::model::{Author, AuthorKind, MessageId};
use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn ada() -> UserId {
    UserId(Uuid::from_u128(1))
}

fn bob() -> UserId {
    UserId(Uuid::from_u128(2))
}

fn fresh() -> Record {
    Record {
        tenant_id: TenantId(Uuid::nil()),
        id: ConversationId(Uuid::nil()),
        number: 1,
        channel_id: ChannelId(Uuid::nil()),
        contact_id: ContactId(Uuid::nil()),
        start_key: Uuid::nil(),
        status: Status::Open,
        snoozed_until: None,
        resolved_at: None,
        priority: Priority::None,
        assignee_id: None,
        n_messages: 0,
        n_customer_messages: 0,
        n_replies: 0,
        n_replies_read: 0,
        last_message: None,
        last_reply_position: 0,
        last_reply_by: None,
        waiting_since: None,
        contact_received: 0,
        contact_read: 0,
        team_read: 0,
        version: 0,
        started_at: at(0),
        last_activity_at: at(0),
    }
}

fn line(
    record: &Record,
    kind: MessageKind,
    activity: Option<Activity>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Message {
    let author_kind = by.map_or(AuthorKind::Contact, |_| AuthorKind::User);
    Message {
        id: MessageId(Uuid::nil()),
        conversation_id: record.id,
        position: record.n_messages + 1,
        kind,
        author: Author {
            kind: author_kind,
            id: by.map(|id| id.0),
            name: "someone".into(),
        },
        text: "hello".into(),
        rich: None,
        activity,
        key: Uuid::nil(),
        at: now,
    }
}

fn with(status: Status) -> Record {
    let mut record = fresh();
    record.status = status;
    record.snoozed_until = (status == Status::Snoozed).then(|| at(100));
    record.resolved_at = (status == Status::Resolved).then(|| at(-100));
    record
}

const ALL: [Status; 4] = [Status::Open, Status::Pending, Status::Snoozed, Status::Resolved];

#[test]
fn every_status_leads_to_every_other_and_never_to_itself_but_snooze() {
    for from in ALL {
        for to in ALL {
            let until = (to == Status::Snoozed).then(|| at(50));
            let record = with(from);
            let outcome = set_status(&record, to, until, at(0));
            if from == to && to != Status::Snoozed {
                assert_eq!(outcome, Err(Refusal::AlreadySo(to)), "{from:?} to {to:?}");
                continue;
            }
            let mut after = record.clone();
            let line = line(
                &record,
                MessageKind::Activity,
                Some(outcome.unwrap()),
                Some(ada()),
                at(0),
            );
            apply(&mut after, &line);
            assert_eq!(after.status, to, "{from:?} to {to:?}");
            assert_eq!(after.snoozed_until.is_some(), to == Status::Snoozed);
            assert_eq!(after.resolved_at.is_some(), to == Status::Resolved);
        }
    }
}

#[test]
fn a_snooze_needs_a_sensible_time_and_nothing_else_takes_one() {
    let record = fresh();
    let year = TimeDelta::days(366);
    let table = [
        (Status::Snoozed, None, Err(Refusal::SnoozeNeedsTime)),
        (Status::Snoozed, Some(at(0)), Err(Refusal::BadSnoozeTime)),
        (Status::Snoozed, Some(at(-1)), Err(Refusal::BadSnoozeTime)),
        (Status::Snoozed, Some(at(0) + year), Err(Refusal::BadSnoozeTime)),
        (Status::Snoozed, Some(at(1)), Ok(Activity::Snoozed { until: at(1) })),
        (Status::Resolved, Some(at(1)), Err(Refusal::TimeNotTaken)),
        (Status::Resolved, None, Ok(Activity::Resolved)),
        (Status::Pending, None, Ok(Activity::Pended)),
    ];
    for (status, until, expect) in table {
        assert_eq!(
            set_status(&record, status, until, at(0)),
            expect,
            "{status:?} {until:?}"
        );
    }
}

#[test]
fn a_customers_message_opens_whatever_it_meets() {
    for status in ALL {
        let mut record = with(status);
        let line = line(&record, MessageKind::Customer, None, None, at(5));
        apply(&mut record, &line);
        assert_eq!(
            (record.status, record.snoozed_until, record.resolved_at),
            (Status::Open, None, None)
        );
        assert_eq!((record.n_customer_messages, record.waiting_since), (1, Some(at(5))));
    }
}

#[test]
fn a_reply_is_held_only_when_someone_else_answered_unseen() {
    let mut record = fresh();
    record.last_reply_position = 7;
    record.last_reply_by = Some(bob());
    let table = [
        (Some(6), ada(), Err(Refusal::AnsweredSince)),
        (Some(7), ada(), Ok(MessageKind::Reply)),
        (Some(9), ada(), Ok(MessageKind::Reply)),
        (None, ada(), Ok(MessageKind::Reply)),
        (Some(6), bob(), Ok(MessageKind::Reply)),
    ];
    for (seen, writer, expect) in table {
        assert_eq!(
            post(&record, Approach::Reply { seen }, Some(writer)),
            expect,
            "{seen:?}"
        );
    }
    assert_eq!(post(&record, Approach::Note, Some(ada())), Ok(MessageKind::Note));
    assert_eq!(post(&record, Approach::Customer, None), Ok(MessageKind::Customer));
}

#[test]
fn the_customer_waits_from_the_first_unanswered_message() {
    let mut record = fresh();
    let steps = [
        (MessageKind::Customer, Some(at(1))),
        (MessageKind::Customer, Some(at(1))),
        (MessageKind::Note, Some(at(1))),
        (MessageKind::Reply, None),
        (MessageKind::Customer, Some(at(5))),
    ];
    for (n, (kind, expect)) in steps.into_iter().enumerate() {
        let by = (kind != MessageKind::Customer).then(ada);
        let line = line(&record, kind, None, by, at(i64::try_from(n).unwrap() + 1));
        apply(&mut record, &line);
        assert_eq!(record.waiting_since, expect, "after line {}", n + 1);
    }
}

#[test]
fn assigning_and_prioritizing_need_a_change() {
    let mut record = fresh();
    record.assignee_id = Some(ada());
    record.priority = Priority::High;
    assert_eq!(
        assign(&record, Some((ada(), "Ada".into()))),
        Err(Refusal::AlreadyAssigned)
    );
    assert_eq!(assign(&record, None), Ok(Activity::Unassigned));
    assert_eq!(prioritize(&record, Priority::High), Err(Refusal::AlreadyPrioritized));
    assert_eq!(
        prioritize(&record, Priority::Low),
        Ok(Activity::Prioritized {
            priority: Priority::Low
        })
    );
    record.assignee_id = None;
    assert_eq!(assign(&record, None), Err(Refusal::AlreadyAssigned));
}

fn mark(n: u128) -> LabelMark {
    let id = LabelId(Uuid::from_u128(n));
    let name = format!("label {n}");
    LabelMark { id, name }
}

#[test]
fn labels_are_added_and_removed_by_what_is_wanted() {
    let known: Vec<_> = (0..30).map(mark).collect();
    let ids = |numbers: &[u128]| numbers.iter().map(|n| mark(*n).id).collect::<Vec<_>>();
    let marks = |numbers: &[u128]| numbers.iter().map(|n| mark(*n)).collect::<Vec<_>>();
    let labeled = |added: &[u128], removed: &[u128]| {
        let (added, removed) = (marks(added), marks(removed));
        Ok(Activity::Labeled { added, removed })
    };
    let many: Vec<_> = (0..21).collect();
    let table: [(&[u128], &[u128], _); 9] = [
        (&[], &[], Err(Refusal::AlreadyLabeled)),
        (&[1], &[1, 1], Err(Refusal::AlreadyLabeled)),
        (&[], &[2, 1, 2], labeled(&[1, 2], &[])),
        (&[1, 2], &[2, 3], labeled(&[3], &[1])),
        (&[1, 2], &[], labeled(&[], &[1, 2])),
        (&[], &[99], Err(Refusal::UnknownLabel)),
        (&[99], &[99, 1], labeled(&[1], &[])),
        (&[99], &[], Err(Refusal::AlreadyLabeled)),
        (&[], &many, Err(Refusal::TooManyLabels)),
    ];
    for (on, wanted, expect) in table {
        let extras = Extras { label_ids: ids(on) };
        assert_eq!(label(&extras, &ids(wanted), &known), expect, "{on:?} -> {wanted:?}");
    }
}

#[test]
fn only_a_recently_resolved_conversation_goes_on() {
    let window = TimeDelta::hours(1);
    let table = [
        (None, true),
        (Some(at(0)), true),
        (Some(at(-3_600)), true),
        (Some(at(-3_601)), false),
    ];
    for (resolved_at, expect) in table {
        assert_eq!(goes_on(resolved_at, window, at(0)), expect, "{resolved_at:?}");
    }
}

#[test]
fn a_snooze_wakes_when_its_time_has_come() {
    assert!(!is_time_to_wake(&with(Status::Snoozed), at(99)));
    assert!(is_time_to_wake(&with(Status::Snoozed), at(100)));
    assert!(!is_time_to_wake(&with(Status::Open), at(100)));
}

#[derive(Clone, Debug)]
enum Try {
    Post(Approach, bool),
    Status(Status, Option<i64>),
    Assign(bool),
    Prioritize(Priority),
    Label(Vec<u128>),
    Wake,
}

fn any_try() -> impl Strategy<Value = Try> {
    let approach = prop_oneof![
        Just(Approach::Customer),
        Just(Approach::Note),
        proptest::option::of(0..30i64).prop_map(|seen| Approach::Reply { seen }),
    ];
    let status = proptest::sample::select(ALL.to_vec());
    let priority = proptest::sample::select(vec![Priority::None, Priority::Low, Priority::High, Priority::Urgent]);
    prop_oneof![
        4 => (approach, any::<bool>()).prop_map(|(approach, ada)| Try::Post(approach, ada)),
        2 => (status, proptest::option::of(-5..40i64)).prop_map(|(status, until)| Try::Status(status, until)),
        1 => any::<bool>().prop_map(Try::Assign),
        1 => priority.prop_map(Try::Prioritize),
        1 => proptest::collection::vec(0..8u128, 0..5).prop_map(Try::Label),
        1 => Just(Try::Wake),
    ]
}

/// What a command adds, if it is not refused.
fn attempt(record: &Record, extras: &Extras, what: &Try, now: DateTime<Utc>) -> Option<Message> {
    let activity = match what {
        Try::Post(approach, is_ada) => {
            let writer = (*approach != Approach::Customer).then(|| if *is_ada { ada() } else { bob() });
            let kind = post(record, *approach, writer).ok()?;
            return Some(line(record, kind, None, writer, now));
        }
        Try::Status(status, until) => set_status(record, *status, until.map(at), now).ok()?,
        Try::Assign(yes) => assign(record, yes.then(|| (ada(), "Ada".into()))).ok()?,
        Try::Prioritize(priority) => prioritize(record, *priority).ok()?,
        Try::Label(wanted) => {
            let (wanted, known): (Vec<_>, Vec<_>) =
                (wanted.iter().map(|n| mark(*n).id).collect(), (0..6).map(mark).collect());
            label(extras, &wanted, &known).ok()?
        }
        Try::Wake => is_time_to_wake(record, now).then_some(Activity::Woken)?,
    };
    Some(line(record, MessageKind::Activity, Some(activity), Some(ada()), now))
}

proptest! {
    #[test]
    fn the_lines_of_a_thread_replay_to_its_state(tries in proptest::collection::vec(any_try(), 0..40)) {
        let (mut record, mut extras, mut lines) = (fresh(), Extras::default(), vec![]);
        for (n, what) in tries.iter().enumerate() {
            let now = at(i64::try_from(n).unwrap());
            if let Some(line) = attempt(&record, &extras, what, now) {
                apply(&mut record, &line);
                apply_extras(&mut extras, &line);
                lines.push(line);
            }
        }
        // Through JSON, as the log keeps them.
        let kept: Vec<Message> = serde_json::from_str(&serde_json::to_string(&lines).unwrap()).unwrap();
        let (mut replayed, mut hung) = (fresh(), Extras::default());
        for line in &kept {
            apply(&mut replayed, line);
            apply_extras(&mut hung, line);
        }
        prop_assert_eq!(&hung, &extras);
        prop_assert_eq!(&replayed, &record);
        let count = |kind| i64::try_from(lines.iter().filter(|line| line.kind == kind).count()).unwrap();
        prop_assert_eq!(record.n_messages, i64::try_from(lines.len()).unwrap());
        prop_assert_eq!(record.n_customer_messages, count(MessageKind::Customer));
        prop_assert_eq!(record.n_replies, count(MessageKind::Reply));
        prop_assert_eq!(record.status == Status::Snoozed, record.snoozed_until.is_some());
        prop_assert_eq!(record.status == Status::Resolved, record.resolved_at.is_some());
    }
}
