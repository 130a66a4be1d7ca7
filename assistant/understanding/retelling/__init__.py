"""What came back of a story in its retelling: points touched, points missed, and whose words they were."""
