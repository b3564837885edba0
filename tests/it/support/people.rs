//! The people: agents with a token, visitors with the widget's.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Hub, Socket, key};

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap_or_default();
        Self {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    /// The body, if the status is as expected.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Checks that it is a problem with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
        assert!(
            self.body["trace"].as_str().is_some_and(|trace| !trace.is_empty()),
            "{}",
            self.body
        );
        self.body
    }
}

/// Someone with a token.
#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) token: String,
    pub(crate) refresh_token: String,
    pub(crate) me: Value,
    url: String,
    client: Client,
}

impl Agent {
    pub(crate) fn new(hub: &Hub, signed_in: &Value) -> Self {
        let text = |name: &str| signed_in[name].as_str().unwrap().to_owned();
        Self {
            token: text("access_token"),
            refresh_token: text("refresh_token"),
            me: signed_in["me"].clone(),
            url: hub.url.clone(),
            client: hub.client.clone(),
        }
    }

    pub(crate) fn id(&self) -> &str {
        self.me["user"]["id"].as_str().unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}/api/v1{path}", self.url))
            .bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn reply(&self, conversation: &str, text: &str) -> Answer {
        let body = json!({ "text": text, "key": key() });
        self.post(&format!("/inbox/conversations/{conversation}/replies"), &body)
            .await
    }

    /// The whole thread.
    pub(crate) async fn thread(&self, conversation: &str) -> Vec<Value> {
        let (mut lines, mut after) = (vec![], 0);
        loop {
            let path = format!("/inbox/conversations/{conversation}/messages?after={after}&limit=100");
            let page = self.get(&path).await.expect(200);
            lines.extend(page["items"].as_array().unwrap().iter().cloned());
            after = lines
                .last()
                .map_or(0, |line: &Value| line["position"].as_i64().unwrap());
            if page["has_later"] == false {
                return lines;
            }
        }
    }

    /// A connection that listens to the inbox.
    pub(crate) async fn socket(&self) -> Socket {
        Socket::hello(&self.url, &self.token, json!({ "topics": ["inbox", "members", "me"] })).await
    }

    /// A connection that goes on after a cursor.
    pub(crate) async fn socket_after(&self, cursor: i64) -> Socket {
        Socket::hello(&self.url, &self.token, json!({ "topics": ["inbox"], "cursor": cursor })).await
    }
}

/// A customer.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) visit: Value,
    url: String,
    client: Client,
}

impl Visitor {
    /// Opens the widget.
    pub(crate) async fn begin(hub: &Hub, visit: Value) -> Result<Self, Answer> {
        Self::begin_from(hub, visit, None).await
    }

    /// Opens the widget on a page of this origin.
    pub(crate) async fn begin_from(hub: &Hub, visit: Value, origin: Option<&str>) -> Result<Self, Answer> {
        let mut request = hub
            .client
            .post(format!("{}/api/v1/widget/visits", hub.url))
            .json(&visit);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = Answer::of(request).await;
        if answer.status != 201 {
            return Err(answer);
        }
        let token = answer.body["token"].as_str().unwrap().to_owned();
        Ok(Self {
            token,
            visit: answer.body,
            url: hub.url.clone(),
            client: hub.client.clone(),
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(
            self.client
                .get(format!("{}/api/v1{path}", self.url))
                .bearer_auth(&self.token),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(
            self.client
                .post(format!("{}/api/v1{path}", self.url))
                .bearer_auth(&self.token)
                .json(body),
        )
        .await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(
            self.client
                .patch(format!("{}/api/v1{path}", self.url))
                .bearer_auth(&self.token)
                .json(body),
        )
        .await
    }

    /// Sends a message; without a conversation it starts one.
    pub(crate) async fn write(&self, conversation: Option<&str>, text: &str) -> Value {
        let body = json!({ "conversation_id": conversation, "text": text, "key": key() });
        self.post("/widget/messages", &body).await.expect(201)
    }

    /// Starts a conversation and returns its id.
    pub(crate) async fn start(&self, text: &str) -> String {
        self.write(None, text).await["conversation"]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn socket(&self) -> Socket {
        Socket::hello(&self.url, &self.token, json!({})).await
    }

    pub(crate) async fn socket_after(&self, cursor: i64) -> Socket {
        Socket::hello(&self.url, &self.token, json!({ "cursor": cursor })).await
    }
}
