"""What may not change in silence once it was merged: promises, check-ins, closed periods."""
