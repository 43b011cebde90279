//! A server that does to each connection what a test tells it, down to the bytes, and remembers what it was sent.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What is done with one request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// These bytes are sent, and the connection ends.
    Bytes(String),
    /// The request is read, and the connection ends.
    Close,
    /// The request is not read, so that the connection is reset.
    Reset,
    /// The request is read, and nothing comes back until the client goes.
    Stall,
}

impl Reply {
    /// A whole answer; `head` is what follows the version: `200 OK`, and header lines below it.
    pub fn of(head: &str, body: &str) -> Self {
        let head = head.replace('\n', "\r\n");
        let length = body.len();
        Self::Bytes(format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"))
    }

    /// A whole answer in JSON.
    pub fn json(status: u16, body: &str) -> Self {
        Self::of(&format!("{status} Status\ncontent-type: application/json; charset=UTF-8"), body)
    }
}

/// A server on loopback.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Does the replies one after the other, and the last one ever after.
    pub fn start(replies: &[Reply]) -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), replies)
    }

    /// The same at an address of the test's choice.
    pub fn start_at(address: SocketAddr, replies: &[Reply]) -> Self {
        Self::serve("http", address, replies, |stream| Some(Box::new(stream)))
    }

    /// The same behind TLS.
    pub fn secure(config: ServerConfig, replies: &[Reply]) -> Self {
        let config = Arc::new(config);
        Self::serve("https", SocketAddr::from(([127, 0, 0, 1], 0)), replies, move |stream| shake_hands(&config, stream))
    }

    /// Where it is, by its address.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Where it is, by a name of this machine.
    pub fn url_by_name(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address.port())
    }

    /// Host and port.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// All requests so far, head and body; one that was reset is an empty text.
    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The first lines of all requests so far.
    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(|r| r.lines().next().unwrap_or_default().to_owned()).collect()
    }

    fn serve(
        scheme: &'static str,
        address: SocketAddr,
        replies: &[Reply],
        open: impl Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&seen);
        let replies = replies.to_vec();
        thread::spawn(move || {
            let mut turn = 0;
            for stream in listener.incoming().flatten() {
                let reply = replies[turn.min(replies.len() - 1)].clone();
                turn += 1;
                if let (Reply::Reset, Ok(_)) = (&reply, stream.peek(&mut [0])) {
                    notes.lock().unwrap().push(String::new());
                    continue;
                }
                if let Some(mut stream) = open(stream) {
                    let request = read(&mut stream);
                    notes.lock().unwrap().push(request);
                    // A stalled connection must not keep the next one waiting.
                    thread::spawn(move || answer(stream, &reply));
                }
            }
        });
        Self { address, scheme, seen }
    }
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

fn shake_hands(config: &Arc<ServerConfig>, mut stream: TcpStream) -> Option<Box<dyn Stream>> {
    let mut connection = ServerConnection::new(Arc::clone(config)).unwrap();
    while connection.is_handshaking() {
        if connection.complete_io(&mut stream).is_err() {
            // The alert goes out, and the rest comes in, lest a reset overtake the alert.
            while connection.wants_write() && connection.write_tls(&mut stream).is_ok() {}
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = io::copy(&mut stream, &mut io::sink());
            return None;
        }
    }
    Some(Box::new(StreamOwned::new(connection, stream)))
}

/// Reads a head, and as much body as it says.
fn read(stream: &mut dyn Stream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        text.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    if stream.read_exact(&mut body).is_ok() {
        text.extend(body);
    }
    String::from_utf8(text).unwrap()
}

fn answer(mut stream: Box<dyn Stream>, reply: &Reply) {
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(bytes.as_bytes()).and_then(|()| stream.flush());
        }
        Reply::Close | Reply::Reset => {}
        Reply::Stall => {
            let _ = io::copy(&mut stream, &mut io::sink());
        }
    }
}
