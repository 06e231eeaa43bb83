"""Every way to the public: one file a channel kind, its templates, and sandboxes that behave as the platforms do."""
