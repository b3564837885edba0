//! Database addresses: `postgres://user:password@host:5432/database?option=value`.

use std::fmt;

use super::RolesError;

/// An address taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Url {
    login: Option<(String, Option<String>)>,
    /// Host and port as written; several hosts stay one piece of text.
    host: String,
    database: Option<String>,
    options: Vec<(String, String)>,
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, RolesError> {
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .ok_or(RolesError::Address("it must begin with postgres://"))?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(login), host),
            None => (None, authority),
        };
        let mut url = Self {
            login: login.map(|login| match login.split_once(':') {
                Some((user, password)) => (decode(user), Some(decode(password))),
                None => (decode(login), None),
            }),
            host: host.to_owned(),
            database: Some(decode(database)).filter(|name| !name.is_empty()),
            options: Vec::new(),
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair
                .split_once('=')
                .ok_or(RolesError::Address("an option after ? lacks its value"))?;
            url.take_option(name, decode(value));
        }
        Ok(url)
    }

    /// A login and a database may also be given as options.
    fn take_option(&mut self, name: &str, value: String) {
        match name {
            "user" => {
                let password = self.login.take().and_then(|(_, password)| password);
                self.login = Some((value, password));
            }
            "password" => {
                let user = self.login.take().map(|(user, _)| user);
                self.login = Some((user.unwrap_or_default(), Some(value)));
            }
            "dbname" => self.database = Some(value),
            _ => self.options.push((name.to_owned(), value)),
        }
    }

    /// The database it names; by custom that of the user's own name when it names none.
    pub(crate) fn database(&self) -> Option<&str> {
        let user = self.login.as_ref().map(|(user, _)| user.as_str());
        self.database.as_deref().or(user)
    }

    pub(crate) fn with_database(&self, name: &str) -> Self {
        Self {
            database: Some(name.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn with_login(&self, user: &str, password: &str) -> Self {
        Self {
            login: Some((user.to_owned(), Some(password.to_owned()))),
            ..self.clone()
        }
    }

    /// An option, if it is given.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let given = self.options.iter().find(|(given, _)| given == name);
        given.map(|(_, value)| value.as_str())
    }

    /// Host and port as written; empty when an option says where it is.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Somewhere else.
    pub(crate) fn with_host(&self, host: &str) -> Self {
        let mut url = self.clone();
        host.clone_into(&mut url.host);
        url.options.retain(|(name, _)| name != "host" && name != "port");
        url
    }

    /// With an option, unless it is given already.
    pub(crate) fn with_option(&self, name: &str, value: &str) -> Self {
        let mut url = self.clone();
        if !url.options.iter().any(|(given, _)| given == name) {
            url.options.push((name.to_owned(), value.to_owned()));
        }
        url
    }

    pub(crate) fn with_user(&self, user: &str) -> Self {
        Self {
            login: Some((user.to_owned(), None)),
            ..self.clone()
        }
    }
}

impl fmt::Display for Url {
    /// Writes the address with its password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = encode(self.database.as_deref().unwrap_or_default());
        write!(f, "postgres://{}/{database}", self.host)?;
        let login = self.login.iter().flat_map(|(user, password)| {
            let user = (!user.is_empty()).then_some(("user", user));
            let password = password.as_ref().map(|password| ("password", password));
            user.into_iter().chain(password)
        });
        let options = self.options.iter().map(|(name, value)| (name.as_str(), value));
        for (n, (name, value)) in options.chain(login).enumerate() {
            let mark = if n == 0 { '?' } else { '&' };
            write!(f, "{mark}{name}={}", encode(value))?;
        }
        Ok(())
    }
}

/// Percent-encodes what an address would take for its own.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escape = (byte == b'%').then(|| {
            let mut ahead = rest.clone();
            let pair = [ahead.next()?, ahead.next()?];
            let mut value = [0];
            hex::decode_to_slice(pair, &mut value).ok()?;
            Some((value, ahead))
        });
        if let Some(Some(([value], ahead))) = escape {
            bytes.push(value);
            rest = ahead;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, change: impl Fn(Url) -> Url) -> String {
        change(Url::parse(text).unwrap()).to_string()
    }

    #[test]
    fn a_login_replaces_the_one_that_was_given() {
        let login = |url: Url| url.with_login("switchboard_app", "p@ss");
        let cases = [
            (
                "postgres://ada:secret@db.example:5433/hub?connect_timeout=3",
                "postgres://db.example:5433/hub?connect_timeout=3&user=switchboard_app&password=p%40ss",
            ),
            (
                "postgresql:///hub?host=/run/pg&user=ada&password=secret",
                "postgres:///hub?host=/run/pg&user=switchboard_app&password=p%40ss",
            ),
            (
                "postgres://a:1@one,two:5433/hub",
                "postgres://one,two:5433/hub?user=switchboard_app&password=p%40ss",
            ),
        ];
        for (text, expect) in cases {
            assert_eq!(shown(text, login), expect);
        }
    }

    #[test]
    fn an_option_that_is_given_stays() {
        let option = |url: Url| url.with_option("keepalives_idle", "30");
        assert_eq!(shown("postgres://h/d", option), "postgres://h/d?keepalives_idle=30");
        let given = "postgres://h/d?keepalives_idle=5";
        assert_eq!(shown(given, option), given);
    }

    #[test]
    fn encoded_parts_come_back_as_they_went_in() {
        let text = "postgres://a%40b:p%3Aq%2Fr@h/my%20db";
        assert_eq!(
            shown(text, |url| url),
            "postgres://h/my%20db?user=a%40b&password=p%3Aq/r"
        );
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%41"), "%zzA");
    }

    #[test]
    fn the_database_defaults_to_the_user() {
        let database = |text: &str| Url::parse(text).unwrap().database().map(str::to_owned);
        assert_eq!(database("postgres://ada@h").as_deref(), Some("ada"));
        assert_eq!(database("postgres://ada@h/hub").as_deref(), Some("hub"));
        assert_eq!(database("postgres://h"), None);
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in ["mysql://h/d", "host=localhost", "postgres://h/d?sslmode"] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }
}
