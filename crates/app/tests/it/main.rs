//! Features through HTTP, on both engines, and what the house wants of its own code.
//!
//! One binary, so that linking happens once. Each test has its own shop with its own database.

#![expect(unreachable_pub, reason = "nobody outside reads a test, so `pub` says enough")]
#![expect(clippy::disallowed_methods, reason = "tests begin things beside themselves")]

#[cfg(test)]
mod aliases;
#[cfg(test)]
mod all_or_nothing;
#[cfg(test)]
mod assigning;
#[cfg(test)]
mod attachments;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod backup_restore;
#[cfg(test)]
mod bad_start;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod cancellations;
#[cfg(test)]
mod care;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod conflict;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod deployment;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod escalations;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod find;
#[cfg(test)]
mod following;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod import;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod labels;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod mentions;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod once;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pages_account;
#[cfg(test)]
mod pages_around;
#[cfg(test)]
mod pages_customers;
#[cfg(test)]
mod pages_imports;
#[cfg(test)]
mod pages_order;
#[cfg(test)]
mod pages_orders;
#[cfg(test)]
mod pages_public;
#[cfg(test)]
mod pages_safety;
#[cfg(test)]
mod pages_setup;
#[cfg(test)]
mod pages_shell;
#[cfg(test)]
mod pages_system;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod source;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tiers;
#[cfg(test)]
mod tracking;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod views;
#[cfg(test)]
mod walks;
#[cfg(test)]
mod work;
