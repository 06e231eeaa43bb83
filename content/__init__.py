"""What we say: items, their editions, and the rules that decide. Values in, values out; nothing here touches the world."""
