pub trait Post {}
pub struct Letters;
pub struct Cards;
pub struct Desk;
