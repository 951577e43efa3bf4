//! Peers against a server with the same TCP/IP, over a link that may lose, double and delay frames.

mod clients;
mod link;
mod machine;
mod server;
