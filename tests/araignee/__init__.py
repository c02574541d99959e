"""A crawler that follows every link and submits every form, as everybody, and an oracle of what it may read."""
