pub struct Desk;
