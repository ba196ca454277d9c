"""What tests share: the product started whole, telephones that call it, and ears that measure."""
