//! Protocol libraries: what they answer, to scripts of frames and to a whole TCP/IP, and what breaks them.

mod client;
mod fetches;
mod files;
mod handlers;
mod hostile;
mod rig;
mod script;
mod scripted;
mod stations;
mod together;
mod twins;
