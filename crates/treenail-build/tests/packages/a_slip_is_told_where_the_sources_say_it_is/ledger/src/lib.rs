pub struct Book;
pub struct Audit;
