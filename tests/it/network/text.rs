//! The text form: what it refuses, where, and what one should write instead; files of filters.

use exo_core::kernel::filter::Engine;
use exo_net::{compile, frames, read_filters, sample};
use expect_test::expect;

/// What is said of each expression, a line each.
fn said(expressions: &[&str]) -> String {
    let lines = expressions.iter().map(|text| match compile(text) {
        Ok(patterns) => format!("{text}\n  {} patterns\n", patterns.len()),
        Err(error) => format!("{text}\n  {error}\n"),
    });
    lines.collect()
}

#[test]
fn what_is_wrong_is_said_with_its_column_and_a_hint() {
    let expressions = [
        "tcp prot 80",
        "tcp port http",
        "port 70000",
        "host example.org",
        "host 10.0.0.0/8",
        "net 10.1.0.0/8",
        "net 10.0.0.0/33",
        "ether host 10.0.0.1",
        "host 02:00:00:00:00:01",
        "icmp port 7",
        "tcp and",
        "(tcp or udp",
        "tcp)",
        "tcp udp",
        "tcp[13",
        "tcp[13:3] = 0",
        "tcp[13] & 2",
        "dns[0] = 1",
        "ip[70000] = 1",
        "vlan 7 and tcp",
        "less 100",
        "len < 100",
        "not greater 100",
        "ether proto 100",
        "tcp and udp and ip and icmp",
        "not host 10.0.0.1",
        "§",
        "",
    ];
    expect![[r#"
        tcp prot 80
          5: `prot` does not go on from what stands before it; join primitives with `and` or `or`
        tcp port http
          10: `http` is no port; write a number: names are looked up in no list here
        port 70000
          6: `70000` is no port; it may be at most 65535
        host example.org
          6: `example.org` is no address; write 10.0.0.1, fe80::1 or 02:00:00:00:00:01: names are looked up nowhere here
        host 10.0.0.0/8
          6: `10.0.0.0/8` is no address; a part of the network is a `net`
        net 10.1.0.0/8
          5: the address has bits beyond the prefix; they must be 0: 10.0.0.0/8 and not 10.1.0.0/8
        net 10.0.0.0/33
          14: `33` is no length of a prefix; it may be at most 32
        ether host 10.0.0.1
          12: ether has no such address; ip and arp have 10.0.0.1, ip6 has fe80::1, ether has 02:00:00:00:00:01
        host 02:00:00:00:00:01
          6: this is a hardware address; write `ether host` and the address
        icmp port 7
          11: icmp has no ports; tcp, udp and sctp have
        tcp and
          8: here stands nothing and not a primitive; write one, such as `tcp port 80`, `host 10.0.0.1` or `arp`
        (tcp or udp
          12: here stands nothing and not `)`; write `)`
        tcp)
          4: `)` does not go on from what stands before it; join primitives with `and` or `or`
        tcp udp
          5: `udp` does not go on from what stands before it; join primitives with `and` or `or`
        tcp[13
          7: here stands nothing and not `]`, or `:` and a size; write `]`, or `:` and a size
        tcp[13:3] = 0
          8: a field has 1, 2 or 4 bytes; write one of these
        tcp[13] & 2
          12: here stands nothing and not a comparison; write =, !=, <, <=, > or >=; of arithmetic only `&` with a number is in the subset
        dns[0] = 1
          4: `dns` has no fields here; ether, ip, ip6, arp, icmp, tcp, udp and sctp have fields
        ip[70000] = 1
          4: the field lies behind the end of any packet; its offset is too large
        vlan 7 and tcp
          1: `vlan` is not in the subset; it moves the fields of everything behind it; ask for the bytes: `ether[12:2] = 0x8100`
        less 100
          1: a filter cannot ask for a packet to be short; it looks at bytes and cannot see that there is none; `greater N` and `len >= N` can be asked
        len < 100
          1: a filter cannot ask for a packet to be short; it looks at bytes and cannot see that there is none; `greater N` and `len >= N` can be asked
        not greater 100
          5: a filter cannot ask for a packet to be short; it looks at bytes and cannot see that there is none; `greater N` and `len >= N` can be asked
        ether proto 100
          13: 100 is a length and no type of a frame; types begin at 1536; `ether[12:2]` can be asked for
        tcp and udp and ip and icmp
          1: no packet can match it; its parts exclude each other
        not host 10.0.0.1
          1: it takes more than 1024 patterns; `not` of an address takes one for each bit of it, and `and` multiplies: leave out a `not`, or say which protocol is meant
        §
          1: `§` means nothing here; take it out

          1 patterns
    "#]].assert_eq(&said(&expressions));
}

#[test]
fn hostile_expressions_are_refused_in_time() {
    let deep = "not (".repeat(60) + "tcp" + &" and tcp)".repeat(60);
    let wide = vec!["not host 1.2.3.4"; 100].join(" and ");
    let long = vec!["not tcp"; 600].join(" or ");
    let parentheses = "(".repeat(4_000);
    let nots = "not ".repeat(900) + "tcp";
    for text in [&deep, &wide, &long, &parentheses, &nots] {
        match compile(text) {
            Ok(patterns) => assert!(patterns.len() <= 1024),
            Err(error) => assert!(error.column <= text.len() + 1 && !error.hint.is_empty()),
        }
    }
    assert!(compile(&wide).unwrap_err().reason.contains("1024 patterns"));
}

#[test]
fn a_port_takes_a_pattern_for_each_protocol_end_and_version_of_ip() {
    assert_eq!(compile("port 80").unwrap().len(), 12);
    assert_eq!(compile("tcp dst port 80").unwrap().len(), 2);
    assert_eq!(compile("ip and tcp dst port 80").unwrap().len(), 1);
    assert_eq!(compile("tcp").unwrap().len(), 3);
    assert_eq!(compile("ip and tcp").unwrap().len(), 1);
}

#[test]
fn a_file_of_filters_says_who_has_which_packet_of_the_sample() {
    let file = read_filters(sample::FILTERS).unwrap();
    let owners = sample::frames().into_iter().map(|frame| {
        let verdict = file.set.classify(Engine::Compiled, &frame);
        let line = verdict.accepted.and_then(|(id, _)| file.line(id));
        line.map_or("nobody", |it| &it.owner).to_owned()
    });
    let owners: Vec<String> = owners.collect();
    expect!["arp arp ping ping dns dns web web web web web echo ping web web rest watch rest rest nobody rest nobody"].assert_eq(&owners.join(" "));
}

#[test]
fn a_byte_order_mark_begins_a_file_of_filters_and_is_no_part_of_it() {
    let marked = format!("\u{FEFF}{}", sample::FILTERS);
    let owners = |text: &str| read_filters(text).unwrap().lines;
    assert_eq!(owners(&marked), owners(sample::FILTERS));
}

#[test]
fn a_file_of_filters_that_is_wrong_names_line_and_column() {
    let files = [
        "web: tcp port 80\nweb: tcp prt 80\n",
        "tcp port 80\n",
        "a b: tcp\n",
        "web (gives): tcp\n",
        "# nothing\n\n",
        "",
        "web: tcp port 80\nspy: tcp dst port 80 and host 10.0.0.1\n",
        "web: tcp port 80\nspy: host 10.0.0.1\n",
        "web: tcp port 80\nspy:   tcp port 80\n",
        "none: ip and arp\n",
    ];
    let said = files.map(|text| match read_filters(text) {
        Ok(file) => format!("{} filters\n", file.lines.len()),
        Err(error) => format!("{error}\n"),
    });
    expect![[r#"
        2:10: `prt` does not go on from what stands before it; join primitives with `and` or `or`
        1:1: the line has no owner; a line is `owner: expression`
        1:1: "a b" is no name of an owner; a name has up to 32 letters, digits, `-`, `_` and `.`
        1:1: an owner cannot be "gives"; `owner (yields): …` lets others claim parts
        1:1: there is no filter in the file; write one a line, such as `web: tcp dst port 80`
        1:1: there is no filter in the file; write one a line, such as `web: tcp dst port 80`
        2:6: it may accept packets that "web" has claimed in line 1: tcp port 80; narrow one of them, put the narrower one first, or let line 1 yield: `web (yields): …`
        2:6: it may accept packets that "web" has claimed in line 1: tcp port 80; narrow one of them, put the narrower one first, or let line 1 yield: `web (yields): …`
        2:8: it may accept packets that "web" has claimed in line 1: tcp port 80; narrow one of them, put the narrower one first, or let line 1 yield: `web (yields): …`
        1:6: no packet can match it; its parts exclude each other
    "#]].assert_eq(&said.concat());
}

#[test]
fn an_owner_that_yields_lets_others_have_parts() {
    let file =
        read_filters("all (yields): ip\nweb: ip and tcp dst port 80\nrest: arp or ip6\n").unwrap();
    let packet = exo_net::flows::packet(3);
    let owner = |packet: &[u8]| {
        let (id, _) = file.set.classify(Engine::Trie, packet).accepted?;
        file.line(id).map(|it| it.owner.clone())
    };
    assert_eq!(owner(&packet).as_deref(), Some("web"));
    let other = frames::ethernet([0; 6], [0; 6], 0x0800, &[0x45; 20]);
    assert_eq!(owner(&other).as_deref(), Some("all"));
    assert_eq!(owner(&[]), None);
}

#[test]
fn every_measured_flow_is_claimed_by_its_own_expression_in_one_pattern() {
    for flow in [0, 1, 255, 256, 999] {
        let patterns = compile(&exo_net::flows::expression(flow)).unwrap();
        assert_eq!(patterns.len(), 1);
    }
    let lines: Vec<String> = (0..50)
        .map(|it| format!("{it}: {}\n", exo_net::flows::expression(it)))
        .collect();
    let file = read_filters(&lines.concat()).unwrap();
    for flow in 0..50 {
        for engine in Engine::ALL {
            let (id, owner) = file
                .set
                .classify(engine, &exo_net::flows::packet(flow))
                .accepted
                .unwrap();
            assert_eq!((id.0, u32::from(owner.0)), (flow, flow));
        }
    }
    assert!(
        file.set
            .classify(Engine::Linear, &exo_net::flows::packet(51))
            .accepted
            .is_none()
    );
}
