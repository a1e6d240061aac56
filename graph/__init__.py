"""Claims as a networkx MultiDiGraph: building, asking and exporting it. Imports kb."""
