"""What helps an author: the guide's reference, the editor's schema, diagrams, and checks of how texts read."""
