//! The plugin in an application of its own, with a double in the place of the HTTP client: its life, and faults in it.

helpdesk_fakes::ticket_system_alone! {
    composition: "isolated.toml",
    plugin: "zammad",
    configuration: r#"
helpdesk_zammad:
  services:
    desk:
      use: "zammad:ZammadTicketsystemService"
      params: { base_url: "http://desk.invalid", access_token: "hush" }
"#,
    asks: "GET http://desk.invalid/api/v1/tickets/7?expand=articles",
}
