//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::http::header::HeaderMap;
use actix_web::{HttpRequest, web};
use ipnet::IpNet;

/// The proxies whose word we take for where a request came from.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    /// Returns the client's address: the peer's, or what the trusted proxies on the way say.
    ///
    /// Each proxy adds the address that it sees, so we walk back from the last one for as long as it is one of ours. What
    /// stands before a stranger's address the stranger wrote.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for");
        // A line that cannot be read is one hop of which nothing is known.
        let hops: Vec<_> = lines.flat_map(|line| line.to_str().unwrap_or("?").split(',')).collect();
        let mut client = peer.to_canonical();
        for hop in hops.into_iter().rev() {
            let said = address(hop.trim()).filter(|_| self.trusts(client));
            let Some(said) = said else { break };
            client = said.to_canonical();
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address as proxies write it, perhaps with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse().ok().map(|socket: SocketAddr| socket.ip());
    text.parse().ok().or_else(with_port).or_else(bare)
}

/// Returns whom limits count as one client: an IPv4 address, or the /64 network that a single IPv6 customer has.
#[must_use]
pub fn client_network(request: &HttpRequest) -> IpNet {
    let peer = request.peer_addr().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.ip());
    let proxies = request.app_data::<web::Data<TrustedProxies>>();
    let client = match proxies {
        Some(proxies) => proxies.client(peer, request.headers()),
        None => peer.to_canonical(),
    };
    network(client)
}

fn network(client: IpAddr) -> IpNet {
    let counts = if client.is_ipv6() { 64 } else { 32 };
    IpNet::new(client, counts).map_or(client.into(), |network| network.trunc())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, lines: &[&[u8]]) -> String {
        let trusted = ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"];
        let proxies = TrustedProxies(trusted.map(|network| network.parse().unwrap()).into());
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line).unwrap();
            headers.append(HeaderName::from_static("x-forwarded-for"), line);
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_say_where_a_request_comes_from() {
        let table: [(&str, &[&[u8]], &str); 12] = [
            ("9.9.9.9", &[b"1.1.1.1"], "9.9.9.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &[b"9.9.9.9"], "9.9.9.9"),
            // What the client wrote itself comes first, in the same line or in one of its own.
            ("127.0.0.1", &[b"1.1.1.1, 9.9.9.9"], "9.9.9.9"),
            ("127.0.0.1", &[b"1.1.1.1", b"9.9.9.9"], "9.9.9.9"),
            ("127.0.0.1", &[b"10.0.0.1", b"9.9.9.9"], "9.9.9.9"),
            // Two proxies, one behind the other.
            ("127.0.0.1", &[b"1.1.1.1, 9.9.9.9, 10.0.0.7"], "9.9.9.9"),
            ("::ffff:10.1.1.1", &[b"::ffff:9.9.9.9"], "9.9.9.9"),
            ("fd00::1", &[b"[2001:db8::1]:4433"], "2001:db8::1"),
            ("127.0.0.1", &[b"9.9.9.9:1234"], "9.9.9.9"),
            // What cannot be read ends the walk.
            ("127.0.0.1", &[b"1.1.1.1, unknown, 10.0.0.7"], "10.0.0.7"),
            ("127.0.0.1", &[b"1.1.1.1", b"\xff", b"10.0.0.7"], "10.0.0.7"),
        ];
        for (peer, lines, expect) in table {
            assert_eq!(client(peer, lines), expect, "{peer} {lines:?}");
        }
    }

    #[test]
    fn an_ipv6_customer_is_one_client_with_all_their_addresses() {
        let of = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(of("9.9.9.9"), "9.9.9.9/32");
    }
}
