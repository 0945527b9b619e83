//! The plugin in an application of its own, with a double in the place of the HTTP client: its life, and faults in it.

helpdesk_fakes::ticket_system_alone! {
    composition: "isolated.toml",
    plugin: "otobo-znuny",
    configuration: r#"
helpdesk_otobo_znuny:
  services:
    desk:
      use: "otobo-znuny:OTOBOZnunyTicketSystemService"
      params: { base_url: "http://desk.invalid/otobo", password: "hush" }
"#,
    asks: "POST http://desk.invalid/otobo/Webservice/OpenTicketAI/ticket-get",
}
