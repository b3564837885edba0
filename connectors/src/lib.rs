#![doc = include_str!("../README.md")]

pub mod web_chat;
