pub struct Mailer;
