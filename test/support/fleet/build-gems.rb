# frozen_string_literal: true

# Builds gems as `gem build` does, many in one process. Reads [{dir, gemspec, out}] from standard input;
# the time of each build is SOURCE_DATE_EPOCH. Paths are absolute: RubyGems remembers a gemspec by its path.
require 'json'
require 'rubygems/package'

File.umask(0o022)
Gem::DefaultUserInteraction.ui = Gem::SilentUI.new
JSON.parse($stdin.read, symbolize_names: true).each do |job|
  # With validation, as `gem build` does: it also fills in the date and sorts the files.
  Dir.chdir(job[:dir]) { Gem::Package.build(Gem::Specification.load(job[:gemspec]), false, false, job[:out]) }
end
