//! What is in doubt or missing is refused with its own finding, and nothing is guessed.
