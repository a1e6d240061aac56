"""What a study is: its design, its question, how many patients, arms and lesions, which tumours, how long the follow-up."""
