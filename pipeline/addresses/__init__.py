"""E-mail addresses, under the strictest policy: what makes one certain, and what makes one a doubt."""
