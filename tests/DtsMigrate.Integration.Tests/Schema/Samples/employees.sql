-- The employees sample database as its documentation describes it, written for these tests: its tables, views and routines, and a few rows.
CREATE TABLE employees (
  emp_no int NOT NULL, birth_date date NOT NULL, first_name varchar(14) NOT NULL, last_name varchar(16) NOT NULL, gender enum('M','F') NOT NULL, hire_date date NOT NULL, PRIMARY KEY (emp_no));
CREATE TABLE departments (dept_no char(4) NOT NULL, dept_name varchar(40) NOT NULL, PRIMARY KEY (dept_no), UNIQUE KEY (dept_name));
CREATE TABLE dept_manager (
  emp_no int NOT NULL, dept_no char(4) NOT NULL, from_date date NOT NULL, to_date date NOT NULL,
  FOREIGN KEY (emp_no) REFERENCES employees (emp_no) ON DELETE CASCADE, FOREIGN KEY (dept_no) REFERENCES departments (dept_no) ON DELETE CASCADE, PRIMARY KEY (emp_no, dept_no));
CREATE TABLE dept_emp (
  emp_no int NOT NULL, dept_no char(4) NOT NULL, from_date date NOT NULL, to_date date NOT NULL,
  FOREIGN KEY (emp_no) REFERENCES employees (emp_no) ON DELETE CASCADE, FOREIGN KEY (dept_no) REFERENCES departments (dept_no) ON DELETE CASCADE, PRIMARY KEY (emp_no, dept_no));
CREATE TABLE titles (
  emp_no int NOT NULL, title varchar(50) NOT NULL, from_date date NOT NULL, to_date date, FOREIGN KEY (emp_no) REFERENCES employees (emp_no) ON DELETE CASCADE, PRIMARY KEY (emp_no, title, from_date));
-- Partitioned by year as the partitioned variant of the database is; such a table has no foreign keys.
CREATE TABLE salaries (emp_no int NOT NULL, salary int NOT NULL, from_date date NOT NULL, to_date date NOT NULL, PRIMARY KEY (emp_no, from_date))
  PARTITION BY RANGE (YEAR(from_date)) (
    PARTITION p01 VALUES LESS THAN (1985), PARTITION p02 VALUES LESS THAN (1986), PARTITION p03 VALUES LESS THAN (1990), PARTITION p04 VALUES LESS THAN (2000), PARTITION p19 VALUES LESS THAN MAXVALUE);

CREATE OR REPLACE VIEW dept_emp_latest_date AS SELECT emp_no, MAX(from_date) AS from_date, MAX(to_date) AS to_date FROM dept_emp GROUP BY emp_no;
-- By its name before the view that it reads.
CREATE OR REPLACE VIEW current_dept_emp AS SELECT l.emp_no, dept_no, l.from_date, l.to_date FROM dept_emp d INNER JOIN dept_emp_latest_date l ON d.emp_no = l.emp_no AND d.from_date = l.from_date AND l.to_date = d.to_date;

DELIMITER //
CREATE FUNCTION emp_dept_id (employee_id int) RETURNS char(4) READS SQL DATA
BEGIN
  DECLARE max_date date;
  SET max_date = (SELECT MAX(from_date) FROM dept_emp WHERE emp_no = employee_id);
  SET @max_date = max_date;
  RETURN (SELECT dept_no FROM dept_emp WHERE emp_no = employee_id AND from_date = max_date LIMIT 1);
END//
CREATE FUNCTION emp_dept_name (employee_id int) RETURNS varchar(40) READS SQL DATA
BEGIN
  RETURN (SELECT dept_name FROM departments WHERE dept_no = emp_dept_id(employee_id));
END//
CREATE FUNCTION emp_name (employee_id int) RETURNS varchar(32) READS SQL DATA
BEGIN
  RETURN (SELECT CONCAT(first_name, ' ', last_name) AS name FROM employees WHERE emp_no = employee_id);
END//
CREATE FUNCTION current_manager (dept_id char(4)) RETURNS varchar(32) READS SQL DATA
BEGIN
  DECLARE max_date date;
  SET max_date = (SELECT MAX(from_date) FROM dept_manager WHERE dept_no = dept_id);
  RETURN (SELECT emp_name(emp_no) FROM dept_manager WHERE dept_no = dept_id AND from_date = max_date LIMIT 1);
END//
CREATE PROCEDURE show_departments () MODIFIES SQL DATA
BEGIN
  DROP TABLE IF EXISTS department_max_date;
  DROP TABLE IF EXISTS department_people;
  CREATE TEMPORARY TABLE department_max_date (emp_no int NOT NULL PRIMARY KEY, dept_from_date date NOT NULL, dept_to_date date NOT NULL, KEY (dept_from_date, dept_to_date));
  INSERT INTO department_max_date SELECT emp_no, MAX(from_date), MAX(to_date) FROM dept_emp GROUP BY emp_no;
  CREATE TEMPORARY TABLE department_people (emp_no int NOT NULL, dept_no char(4) NOT NULL, PRIMARY KEY (emp_no, dept_no));
  INSERT INTO department_people SELECT dmd.emp_no, dept_no FROM department_max_date dmd INNER JOIN dept_emp de ON dmd.dept_from_date = de.from_date AND dmd.dept_to_date = de.to_date AND dmd.emp_no = de.emp_no;
  SELECT dept_no, dept_name, current_manager(dept_no) AS manager, COUNT(*) FROM department_people INNER JOIN departments USING (dept_no) GROUP BY dept_no;
  DROP TABLE department_max_date;
  DROP TABLE department_people;
END//
CREATE FUNCTION employees_usage () RETURNS text CHARACTER SET utf8mb4 DETERMINISTIC NO SQL
BEGIN
  RETURN '
    == USAGE ==
    PROCEDURE show_departments()
        shows the departments with the manager and number of employees per department
    FUNCTION current_manager (dept_id), emp_name (emp_id), emp_dept_id (emp_id), emp_dept_name (emp_id)';
END//
CREATE PROCEDURE employees_help () DETERMINISTIC
BEGIN
  SELECT employees_usage() AS info;
END//
DELIMITER ;

CREATE OR REPLACE VIEW v_full_employees AS SELECT emp_no, first_name, last_name, birth_date, gender, hire_date, emp_dept_name(emp_no) AS department FROM employees;
CREATE OR REPLACE VIEW v_full_departments AS SELECT dept_no, dept_name, current_manager(dept_no) AS manager FROM departments;

INSERT INTO departments VALUES ('d001', 'Marketing'), ('d002', 'Finance');
INSERT INTO employees VALUES (10001, '1953-09-02', 'Georg', 'Falk', 'M', '1986-06-26'), (10002, '1964-06-02', 'Bela', 'Simm', 'F', '1985-11-21'), (10003, '1959-12-03', 'Pär', 'Bam', 'M', '1986-08-28');
INSERT INTO dept_manager VALUES (10001, 'd001', '1986-06-26', '9999-01-01'), (10002, 'd002', '1990-01-01', '1995-01-01'), (10003, 'd002', '1995-01-01', '9999-01-01');
INSERT INTO dept_emp VALUES (10001, 'd001', '1986-06-26', '9999-01-01'), (10002, 'd001', '1985-11-21', '1990-01-01'), (10002, 'd002', '1990-01-01', '9999-01-01'), (10003, 'd002', '1995-12-03', '9999-01-01');
INSERT INTO titles VALUES (10001, 'Senior Engineer', '1986-06-26', '9999-01-01'), (10002, 'Staff', '1985-11-21', NULL);
INSERT INTO salaries VALUES (10001, 60117, '1986-06-26', '1987-06-26'), (10001, 62102, '1987-06-26', '1988-06-25'), (10002, 65828, '1984-08-03', '1985-08-03'), (10003, 40006, '2001-12-01', '9999-01-01');
