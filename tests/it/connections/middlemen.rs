//! Proxies that make ways to whatever they are asked for.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

/// A proxy that makes ways as `open` agrees on them.
pub fn proxy(open: fn(&mut TcpStream) -> Option<TcpStream>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let Some(mut server) = open(&mut client) else { continue };
            let (mut from, mut back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || {
                let _ = io::copy(&mut from, &mut server);
                let _ = server.shutdown(Shutdown::Write);
            });
            thread::spawn(move || {
                let _ = io::copy(&mut back, &mut client);
                let _ = client.shutdown(Shutdown::Write);
            });
        }
    });
    format!("http://{address}")
}

/// By `CONNECT`.
pub fn connect(client: &mut TcpStream) -> Option<TcpStream> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && matches!(client.read(&mut byte), Ok(1)) {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let server = TcpStream::connect(head.split(' ').nth(1).unwrap()).ok();
    let answer = if server.is_some() { "200 OK" } else { "502 Bad Gateway" };
    client.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes()).unwrap();
    server
}

/// By RFC 1928, for nobody by name, to a host by name.
pub fn socks(client: &mut TcpStream) -> Option<TcpStream> {
    let mut take = |length: usize| {
        let mut bytes = vec![0; length];
        client.read_exact(&mut bytes).unwrap();
        bytes
    };
    let methods = take(2)[1];
    take(methods.into());
    client.write_all(&[5, 0]).unwrap();
    let mut take = |length: usize| {
        let mut bytes = vec![0; length];
        client.read_exact(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(take(4), [5, 1, 0, 3]);
    let length = take(1)[0];
    let host = String::from_utf8(take(length.into())).unwrap();
    let port = u16::from_be_bytes(take(2).try_into().unwrap());
    let server = TcpStream::connect((host.as_str(), port)).ok();
    let refused = if server.is_some() { 0 } else { 5 };
    client.write_all(&[5, refused, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
    server
}
