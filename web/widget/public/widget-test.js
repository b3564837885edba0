// Puts the widget into the shop page, with what the address says: ?key=, and optionally who the customer is.
(function () {
  var asked = new URLSearchParams(location.search);
  var key = asked.get("key");
  var note = document.getElementById("note");
  if (!key) {
    note.hidden = false;
    return;
  }
  var script = document.createElement("script");
  script.src = new URL("/widget.js", location.href).href;
  script.async = true;
  script.dataset.key = key;
  var names = {
    identity_token: "identityToken",
    user_id: "userId",
    user_hash: "userHash",
    user_name: "userName",
    user_email: "userEmail",
  };
  Object.keys(names).forEach(function (name) {
    if (asked.get(name)) script.dataset[names[name]] = asked.get(name);
  });
  document.head.append(script);
  document.querySelectorAll("[data-chat]").forEach(function (button) {
    button.addEventListener("click", function () {
      if (window.Switchboard) window.Switchboard.open();
    });
  });
})();
