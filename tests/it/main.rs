//! The one integration binary: each area of the program is a module of it.

mod queries;
mod replay;
mod source;
