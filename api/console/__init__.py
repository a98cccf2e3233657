"""What the command line shows: refusals, reports, trees and progress, in Chinese and English."""
