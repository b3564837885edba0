//! Networks of IP addresses, as `10.0.0.0/8` or one address.

use std::net::IpAddr;

use ipnet::IpNet;

pub(super) fn parse(text: &str) -> Option<IpNet> {
    let one = || text.parse().ok().map(|address: IpAddr| address.into());
    text.parse().ok().or_else(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_one_address_or_all_that_share_its_first_bits() {
        let cases = [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "10.0.0.1", false),
        ];
        for (network, address, expect) in cases {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(
                parse(network).unwrap().contains(&address),
                expect,
                "{network} {address}"
            );
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0/8", "host", "::1/129", "10.0.0.1/"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
