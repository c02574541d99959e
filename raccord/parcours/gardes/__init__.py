"""What forbids a transition, in words, by noun. Guards read the object they are given; they import no model."""
