pub struct Texter;
